"""ONNX Runtime's side: forward alone, as it has no gradients for inference graphs."""

import naming  # Of the zoo; peer_networks knows where it lies.
import onnx
import onnxruntime

from peer_torch import best_milliseconds


def cut(path, layer):
    """The model up to a layer's tensor, and nothing behind it. A file whose nodes have no paths of PyTorch's has
    tensors by the names of its layers."""
    model = onnx.shape_inference.infer_shapes(onnx.load(path))  # An output has to have a type.
    tensor = naming.layers(model).get(layer, layer)
    return onnx.utils.Extractor(model).extract_model([model.graph.input[0].name], [tensor])


class RuntimeContestant:
    def __init__(self, path, layer, received):
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
        options.log_severity_level = 3
        # A size that is known beforehand can be planned for, as it is by the others.
        for name, side in zip(("height", "width"), received.shape[2:]):
            options.add_free_dimension_override_by_name(name, side)
        model = cut(path, layer)
        self.session = onnxruntime.InferenceSession(
            model.SerializeToString(), options, providers=["CPUExecutionProvider"])
        self.given = {model.graph.input[0].name: received.contiguous().numpy()}
        self.times = []

    def activations(self):
        return self.session.run(None, self.given)[0]

    def round(self):
        self.times.append(best_milliseconds(self.activations))

    def milliseconds(self):
        return self.times
