"""Models of torchvision and timm, with what their libraries say of them. Imports either where it is used: for
export_torch.py alone."""

import collections
import difflib
import os
import warnings

LABELS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "imagenet_labels.txt")

# `network`: a torch module that gives logits; `mean`, `standard_deviation`: of an image in 0...1, one number a channel;
# `size`: (height, width); `labels`: names of the classes in order, or None.
Model = collections.namedtuple("Model", "name network mean standard_deviation channels size labels source licence")


class ModelError(Exception):
    """Why there is no such model, with what to do about it."""


def read_labels(path=LABELS):
    """The names in a file of labels: one a line; lines with # in front do not count."""
    with open(path, encoding="utf-8") as file:
        return [line.rstrip("\n") for line in file if not line.startswith("#")]


def model_of(name, library, pretrained, size, seed):
    """The Model `name`, ready to be exported. `library`: torchvision, timm, or None for the first that has it; `size`:
    side of the image, or None for the model's own; `seed`: of random weights.

    Random weights have no labels: their classes mean nothing. Raises ModelError.
    """
    libraries = {"torchvision": (torchvision_names, torchvision_model), "timm": (timm_names, timm_model)}
    known, absent = set(), []
    for candidate in [library] if library else list(libraries):
        names, load = libraries[candidate]
        try:
            found = names()
        except ImportError:
            absent.append(candidate)
            continue
        # Behind a dot, timm names the training: resnet50.a1_in1k.
        if name in found or candidate == "timm" and name.split(".")[0] in found:
            return _ready(load, name, pretrained, size, seed)
        known.update(found)
    near = difflib.get_close_matches(name, sorted(known), 5, 0.6)
    raise ModelError(
        "no image classifier is called %s in %s.%s%s"
        % (
            name,
            library or " or ".join(libraries),
            " Near are: %s." % ", ".join(near) if near else "",
            "".join(" %s is not installed." % candidate for candidate in absent),
        )
    )


def _ready(load, name, pretrained, size, seed):
    import torch

    torch.manual_seed(seed)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Of initial values that will be others one day.
            model = load(name, pretrained)
    except Exception as error:  # Of the download and of the library, whatever they raise.
        remedy = "\nWithout a network, and to try things out: --weights random" if pretrained else ""
        raise ModelError("cannot make %s: %s%s" % (name, error, remedy)) from None
    model.network.eval()
    source = "%s, torch %s" % (model.source, torch.__version__)
    if not pretrained:
        model = model._replace(labels=None)
        source += ", random weights (seed %d)" % seed
    return model._replace(size=(size, size) if size else model.size, source=source)


def torchvision_names():
    import torchvision.models

    return torchvision.models.list_models(module=torchvision.models)


def torchvision_model(name, pretrained):
    """Normalisation and size are those of the weights that the library takes by default."""
    import torchvision

    weights = torchvision.models.get_model_weights(name).DEFAULT
    preparation = weights.transforms()
    source = "torchvision %s, %s" % (torchvision.__version__, name)
    return Model(
        name=name,
        network=torchvision.models.get_model(name, weights=weights if pretrained else None),
        mean=preparation.mean,
        standard_deviation=preparation.std,
        channels=3,
        size=(preparation.crop_size[0],) * 2,
        labels=weights.meta.get("categories"),
        source="%s, %s" % (source, weights.name) if pretrained else source,
        licence="BSD-3-Clause (torchvision)",
    )


def timm_names():
    import timm

    return timm.list_models()


def timm_model(name, pretrained):
    import timm

    network = timm.create_model(name, pretrained=pretrained)
    settings = network.pretrained_cfg
    preparation = timm.data.resolve_model_data_config(network)
    channels, height, width = preparation["input_size"]
    source = "timm %s, %s" % (timm.__version__, name)
    tag = settings.get("tag")
    licence = "Apache-2.0 (timm)"
    if pretrained:
        licence += ", weights: %s" % (settings.get("license") or "licence not stated")
    return Model(
        name=name,
        network=network,
        mean=preparation["mean"],
        standard_deviation=preparation["std"],
        channels=channels,
        size=(height, width),
        labels=timm_labels(network),
        source="%s, %s" % (source, tag) if pretrained and tag and not name.endswith("." + tag) else source,
        licence=licence,
    )


def timm_labels(network):
    """By the number of classes, as timm itself does; None where it knows no names for it."""
    import timm.data

    subset = timm.data.infer_imagenet_subset(network)
    if subset is None:
        return network.pretrained_cfg.get("label_names")
    if subset == "imagenet-1k":
        return read_labels()
    information = timm.data.ImageNetInfo(subset)
    lemmas = [information.index_to_description(index) for index in range(information.num_classes())]
    short = [names.split(",")[0] for names in lemmas]
    often = collections.Counter(short)
    return [name if often[name] == 1 else names for name, names in zip(short, lemmas)]
