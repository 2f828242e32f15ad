import ConvNet

/// Memory that the steps of a facet overwrite again and again, so that no step allocates any.
final class FacetScratch {
    let parameterization: any ImageParameterization
    let codec: any ImageCodec
    /// Transforms the network's view of the image, and the gradient back; nil if the view is the image.
    let warp: Warp?
    /// Transforms the image itself; nil if it is not transformed.
    let mover: ImageMover?
    /// The network's view of the image, and the gradient by it.
    var view: Image
    var viewGradient: Image
    /// The gradient by the image.
    var gradient: Image
    var parameterGradient: [Float]
    /// The gradient of the adaptive total variation, which is normalised by itself.
    var penaltyGradient: Image

    init(_ specification: FacetSpecification, height: Int, width: Int) {
        parameterization = specification.parameterization.images(
            height: height, width: width, isGrey: specification.isGrey)
        codec = parameterization.makeCodec()
        let movesImage = specification.transformsMoveImage
        mover =
            movesImage
            ? specification.transforms.map { ImageMover(height: height, width: width, pad: $0.pad) } : nil
        let hasView = specification.transforms != nil && !movesImage
        warp = hasView ? Warp(height: height, width: width) : nil
        gradient = Image(height: height, width: width)
        view = hasView ? gradient : Image(height: 0, width: 0)
        viewGradient = view
        parameterGradient = [Float](repeating: 0, count: parameterization.count)
        penaltyGradient = specification.adaptiveTotalVariation == nil ? Image(height: 0, width: 0) : gradient
    }
}
