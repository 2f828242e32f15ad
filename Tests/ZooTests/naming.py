"""The names of layers by which PyTorch's users know them, found in an ONNX file.

A node's path: a Conv's or Gemm's weight called `X.weight` gives X; the legacy exporter's node name
`/layer4/layer4.2/conv3/Conv` gives `layer4.2.conv3`; the new exporter's metadata `pkg.torch.onnx.name_scopes` give the
last but one entry. A layer P is the output of the last node whose path is P or starts with P and a "."; only nodes
that depend on the values of the image count.
"""
import ast

SCOPES = "pkg.torch.onnx.name_scopes"


def path_of(node, weights):
    """A node's path, or "" where it has none."""
    if node.op_type in ("Conv", "Gemm") and len(node.input) > 1:
        name = node.input[1]
        if name in weights and name.endswith(".weight"):
            return name[: -len(".weight")]
    for entry in node.metadata_props:
        if entry.key == SCOPES:
            scopes = ast.literal_eval(entry.value)
            return scopes[-2] if len(scopes) > 1 else ""
    if not node.name.startswith("/"):
        return ""
    path = []
    for part in node.name.split("/")[1:-1]:
        if path and part.startswith(path[-1] + "."):
            path[-1] = part
        else:
            path.append(part)
    return ".".join(path)


def layers(model):
    """Every layer's name and the tensor that it means."""
    graph = model.graph
    weights = {tensor.name for tensor in graph.initializer}
    live = {value.name for value in graph.input} - weights
    found = {}
    for node in graph.node:
        if node.op_type in ("Shape", "Size") or not live.intersection(node.input):
            continue
        live.update(node.output)
        path = path_of(node, weights)
        while path:
            found[path] = node.output[0]
            path = path.rpartition(".")[0]
    return found
