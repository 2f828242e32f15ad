import ConvNet

/// What a facet's steps write over and over, so that none of them allocates.
final class FacetScratch {
    let parameterization: any ImageParameterization
    let codec: any ImageCodec
    /// Of a facet whose gradient goes through transforms.
    let warp: Warp?
    /// Of a facet whose transforms move the image itself.
    let mover: ImageMover?
    /// The network's view of the image, and the gradient by it.
    var view: Image
    var viewGradient: Image
    /// By the image.
    var gradient: Image
    var parameterGradient: [Float]
    /// Of a penalty that is normalised by itself.
    var penaltyGradient: Image

    init(_ specification: FacetSpecification, height: Int, width: Int) {
        parameterization = specification.parameterization.images(height: height, width: width)
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
