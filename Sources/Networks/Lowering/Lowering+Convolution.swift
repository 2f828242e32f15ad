/// Convolutions and pooling.
extension Lowering {
    /// Windows over rows and columns: what convolutions and pooling have in common.
    struct Windows {
        var kernel: [Int]
        var strides: [Int]
        var dilations: [Int]
        /// top, left, bottom, right
        var pads: [Int]

        /// Rows or columns that one window spans.
        func span(_ axis: Int) -> Int { (kernel[axis] - 1) * dilations[axis] + 1 }

        /// The number of windows along an axis; 0 where the padded input is too small for one.
        func count(_ axis: Int, size: Int, roundingUp: Bool = false) -> Int {
            let room = size + pads[axis] + pads[axis + 2] - span(axis)
            guard room >= 0 else { return 0 }
            guard roundingUp else { return room / strides[axis] + 1 }
            let count = (room + strides[axis] - 1) / strides[axis] + 1
            // None begins behind the image.
            return (count - 1) * strides[axis] >= size + pads[axis] ? count - 1 : count
        }
    }

    /// No kernel, stride, dilation or pad is longer.
    private static let longest = 1 << 15

    /// - Parameter isRow: the node knows columns alone; its rows are one.
    func windows(
        _ call: NodeCall, kernel: [Int], size: [Int], isRow: Bool = false
    ) throws(LoweringFault) -> Windows {
        func pair(_ name: String, _ given: [Int]?) throws(LoweringFault) -> [Int] {
            guard var values = given else { return [1, 1] }
            if isRow, values.count == 1 { values.insert(1, at: 0) }
            guard values.count == 2, values.allSatisfy({ (1...Self.longest).contains($0) }) else {
                throw LoweringFault("has \(name) \(values): expected two numbers of at least 1")
            }
            return values
        }
        var windows = Windows(
            kernel: try pair("a kernel of", kernel), strides: try pair("strides", try call.integers("strides")),
            dilations: try pair("dilations", try call.integers("dilations")), pads: [0, 0, 0, 0])
        switch try call.string("auto_pad", default: "NOTSET") {
        case "NOTSET", "":
            if var pads = try call.integers("pads") {
                if isRow, pads.count == 2 { pads = [0, pads[0], 0, pads[1]] }
                guard pads.count == 4, pads.allSatisfy({ (0...Self.longest).contains($0) }) else {
                    throw LoweringFault("has pads \(pads): expected four numbers of at least 0")
                }
                windows.pads = pads
            }
        case "VALID": break
        case let mode where mode == "SAME_UPPER" || mode == "SAME_LOWER":
            for axis in 0..<2 {
                let stride = windows.strides[axis]
                let count = (size[axis] + stride - 1) / stride
                let total = max((count - 1) * stride + windows.span(axis) - size[axis], 0)
                windows.pads[axis] = mode == "SAME_UPPER" ? total / 2 : total - total / 2
                windows.pads[axis + 2] = total - windows.pads[axis]
            }
        case let mode: throw LoweringFault("has the auto_pad \(mode.quoted)")
        }
        return windows
    }

    private func tooSmall(_ windows: Windows, _ shape: MapShape) -> LoweringFault {
        LoweringFault(
            "has a kernel of \(windows.span(0)) x \(windows.span(1)), which is larger than its padded input, "
                + "\(shape.height + windows.pads[0] + windows.pads[2]) x "
                + "\(shape.width + windows.pads[1] + windows.pads[3])",
            remedy: "Use a larger image")
    }

    mutating func convolution(_ call: NodeCall) throws(LoweringFault) -> LoweredValue {
        guard case .live(var tensor) = try call.input(0) else {
            throw LoweringFault("is a convolution of constants")
        }
        var weights = try call.constant(1, "weights")
        guard weights.kind == .float else { throw LoweringFault("has weights that are no floats") }
        // Along one axis: along the columns of an image of one row.
        let isRow = tensor.shape.count == 3 && weights.shape.count == 3
        if isRow {
            tensor.view = tensor.view.inserting(axisAt: 2)
            weights.view = weights.view.inserting(axisAt: 2)
        }
        guard weights.shape.count == 4, tensor.shape.count == 4 else {
            throw LoweringFault(
                "is a convolution along \(max(weights.shape.count - 2, 0)) axes: only those over rows and columns are "
                    + "supported")
        }
        var input = try image(tensor)
        var shape = graph.shape(of: input)
        let groups = try call.integer("group", default: 1)
        let outputs = weights.shape[0]
        guard groups >= 1, outputs > 0, shape.channels % groups == 0, outputs % groups == 0,
            weights.shape[1] == shape.channels / groups
        else {
            throw LoweringFault(
                "has weights of the shape \(weights.shape) for \(shape.channels) channels in \(groups) groups")
        }
        let kernel = Array(weights.shape[2...])
        if let said = try call.integers("kernel_shape"), said != (isRow ? [kernel[1]] : kernel) {
            throw LoweringFault("has a kernel of \(said) and weights of \(kernel)")
        }
        let windows = try windows(call, kernel: kernel, size: [shape.height, shape.width], isRow: isRow)
        let bias = try biases(call, 2, outputs)

        var inputs = shape.channels
        var operatorGroups = groups
        // Several kernels a channel: as if there were as many channels.
        if groups > 1, groups == shape.channels, outputs > groups {
            try charge(outputs)
            let multiplier = outputs / groups
            shape.channels = outputs
            input = add(.channels((0..<outputs).map { $0 / multiplier }), [input], shape: shape)
            inputs = outputs
            operatorGroups = outputs
        }
        let (constant, steps) = try kernels(weights)
        var convolution = Convolution(
            outputChannels: outputs, inputChannels: inputs, groups: operatorGroups, kernelHeight: kernel[0],
            kernelWidth: kernel[1], weights: constant, bias: bias)
        (convolution.outputStep, convolution.inputStep) = (steps[0], steps[1])
        (convolution.rowStep, convolution.columnStep) = (steps[2], steps[3])
        (convolution.strideY, convolution.strideX) = (windows.strides[0], windows.strides[1])
        (convolution.dilationY, convolution.dilationX) = (windows.dilations[0], windows.dilations[1])
        (convolution.top, convolution.left) = (windows.pads[0], windows.pads[1])
        (convolution.bottom, convolution.right) = (windows.pads[2], windows.pads[3])
        let output = convolution.outputShape(of: shape)
        guard output.height > 0, output.width > 0 else { throw tooSmall(windows, shape) }
        try Self.checkMap([outputs, output.height, output.width])
        let value = add(.convolution(convolution), [input], shape: output)
        return .live(
            rowMajor(value, isRow ? [1, outputs, output.width] : [1, outputs, output.height, output.width]))
    }

    /// One number an output; nil if there are none.
    private mutating func biases(_ call: NodeCall, _ index: Int, _ outputs: Int) throws(LoweringFault) -> [Double]? {
        guard call.optional(index) != nil else { return nil }
        try charge(outputs)
        return try channelNumbers(call, index, "biases", outputs)
    }

    /// Weights where they lie, and the steps along their axes.
    mutating func kernels(_ tensor: ConstantTensor) throws(LoweringFault) -> (Constant, steps: [Int]) {
        if case .weights(let constant) = tensor.source, tensor.view.offset == 0 {
            return (constant, tensor.view.strides)
        }
        if case .deferred(let deferred) = tensor.source, tensor.view.offset == 0 {
            return (Constant(deferred, file: model.path), tensor.view.strides)
        }
        if tensor.view.offset == 0 {
            // As they are: a number that is repeated stays one.
            let numbers = try tensor.sourceNumbers()
            try charge(numbers.count)
            return (Constant(try Self.floats(numbers)), tensor.view.strides)
        }
        try charge(tensor.count)
        return (Constant(try Self.floats(try tensor.numbers())), StridedView(tensor.shape).strides)
    }

    mutating func pooling(_ call: NodeCall) throws(LoweringFault) -> LoweredValue {
        let tensor = try call.live(0)
        let input = try image(tensor)
        let shape = graph.shape(of: input)
        guard let kernel = try call.integers("kernel_shape") else { throw LoweringFault("lacks its kernel") }
        let windows = try windows(call, kernel: kernel, size: [shape.height, shape.width])
        let roundsUp = try call.integer("ceil_mode", default: 0) != 0
        let height = windows.count(0, size: shape.height, roundingUp: roundsUp)
        let width = windows.count(1, size: shape.width, roundingUp: roundsUp)
        guard height > 0, width > 0 else { throw tooSmall(windows, shape) }
        try Self.checkMap([shape.channels, height, width])
        for axis in 0..<2 {
            // A window of padding alone would have no maximum, and no mean.
            let size = axis == 0 ? shape.height : shape.width
            for window in 0..<(axis == 0 ? height : width) {
                let start = window * windows.strides[axis] - windows.pads[axis]
                let skipped = start < 0 ? (windows.dilations[axis] - 1 - start) / windows.dilations[axis] : 0
                guard skipped < windows.kernel[axis], start + skipped * windows.dilations[axis] < size else {
                    throw LoweringFault("has pads \(windows.pads) that hold a whole window of \(windows.kernel)")
                }
            }
        }
        let isMaximum = call.node.type == "MaxPool"
        let countsPadding = try call.integer("count_include_pad", default: 0) != 0
        var pooling = Pooling(
            kind: isMaximum ? .maximum : .average(countsPadding: countsPadding), kernelHeight: kernel[0],
            kernelWidth: kernel[1], outputHeight: height, outputWidth: width)
        (pooling.strideY, pooling.strideX) = (windows.strides[0], windows.strides[1])
        (pooling.dilationY, pooling.dilationX) = (windows.dilations[0], windows.dilations[1])
        (pooling.top, pooling.left) = (windows.pads[0], windows.pads[1])
        (pooling.bottom, pooling.right) = (windows.pads[2], windows.pads[3])
        if kernel == [1, 1], windows.strides == [1, 1], windows.pads == [0, 0, 0, 0] {
            return .live(rowMajor(input, tensor.shape))
        }
        let value = add(
            .pooling(pooling), [input], shape: MapShape(channels: shape.channels, height: height, width: width))
        return .live(rowMajor(value, [1, shape.channels, height, width]))
    }
}
