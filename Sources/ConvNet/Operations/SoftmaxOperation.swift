import Networks

/// e^x over the sum of e^x, for each pixel over its channels. Keeps its values.
final class SoftmaxOperation: MapOperation {
    init(shape: MapShape) {
        super.init(inputs: [shape], output: shape)
        keepsOutput = true
    }

    override func forward() {
        let (input, result) = (output.columns(of: memory.inputs[0]), output.columns(of: memory.output))
        for pixel in 0..<output.pixels { softmax(input.at(pixel), into: result.at(pixel)) }
    }

    override func backward() {
        guard let base = memory.inputGradients[0].base else { return }
        let (values, gradient) = (output.columns(of: memory.output), output.columns(of: memory.gradient))
        let target = output.columns(of: base)
        for pixel in 0..<output.pixels {
            softmaxGradient(
                values.at(pixel), gradient.at(pixel), into: target.at(pixel), adds: memory.inputGradients[0].adds)
        }
    }
}
