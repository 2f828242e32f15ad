/// The image that a model reads: its one input that is no constant.
public struct NetworkImage: Sendable, Equatable {
    public var name: String
    /// 1 or 3.
    public var channels: Int
    /// `[1, height, width, channels]`, as Keras has it; otherwise `[1, channels, height, width]`.
    public var isChannelsLast: Bool
    /// The size that the file declares; nil where it is free.
    public var height: Int?
    public var width: Int?

    init(of model: ONNXModel) throws(NetworkError) {
        func fault(_ place: String?, _ reason: String, _ remedy: String) -> NetworkError {
            NetworkError(file: model.path, place: place, reason: reason, remedy: remedy)
        }
        guard let input = model.inputs.first else {
            throw fault(nil, "has no input: there is no image to be seen", "Export the network with its input")
        }
        let place = "input \(input.name.quoted)"
        guard model.inputs.count == 1 else {
            let others = model.inputs.dropFirst().prefix(3).map { $0.name.quoted }.joined(separator: ", ")
            throw fault(
                place, "is not the only input: there is also \(others); a network needs one image",
                "Export it with the other inputs as constants")
        }
        switch input.type {
        case .float, .float16, .double, .bfloat16: break
        default:
            throw fault(
                place, "is of \(input.type.name), not float: its normalization is inside",
                "Export the network from its normalized image on")
        }
        guard let shape = input.shape else {
            throw fault(place, "has no shape", "Export it with the shape [1, 3, height, width]")
        }
        let shown = "[" + shape.map { $0.map(String.init) ?? "?" }.joined(separator: ", ") + "]"
        guard shape.count == 4 else {
            throw fault(
                place, "has the shape \(shown), not that of an image [1, 3, height, width]",
                "Only networks that see an image can be visualized")
        }
        if let batch = shape[0], batch != 1 {
            throw fault(
                place, "is a batch of \(batch) images (\(shown))", "Export it with a batch of 1 or one that is free")
        }
        func isColor(_ extent: Int?) -> Bool { extent == 1 || extent == 3 }
        if let extent = shape[1], isColor(extent) {
            channels = extent
            isChannelsLast = false
        } else if let extent = shape[3], isColor(extent) {
            channels = extent
            isChannelsLast = true
        } else {
            throw fault(
                place, "has the shape \(shown): neither its second extent nor its last is 1 or 3 color channels",
                "Only networks that see grey or color images can be visualized")
        }
        name = input.name
        height = isChannelsLast ? shape[1] : shape[2]
        width = isChannelsLast ? shape[2] : shape[3]
        for extent in [height, width] {
            if let extent, extent < 1 || extent > 1 << 16 {
                throw fault(place, "has the shape \(shown)", "Export it with the size of its images")
            }
        }
    }
}
