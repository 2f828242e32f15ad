import ConvNet

/// What a facet's steps write over and over, so that none of them allocates.
final class FacetScratch {
    /// Of a facet whose parameters are not its pixels.
    let parameterization: (any ImageParameterization)?
    /// Of a facet whose gradient goes through transforms.
    let warp: Warp?
    /// Of a pixel facet whose transforms move the image itself.
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
        switch specification.parameterization {
        case .fourier:
            parameterization = FourierImage(
                height: height, width: width, decorrelatesColors: specification.decorrelatesColors)
        case .pixel:
            parameterization =
                specification.decorrelatesColors ? DecorrelatedPixels(height: height, width: width) : nil
        }
        let movesImage = specification.transformsMoveImage && specification.optimizesPixels
        mover =
            movesImage
            ? specification.transforms.map { ImageMover(height: height, width: width, pad: $0.pad) } : nil
        let hasView = specification.transforms != nil && !movesImage
        warp = hasView ? Warp(height: height, width: width) : nil
        gradient = Image(height: height, width: width)
        view = hasView ? gradient : Image(height: 0, width: 0)
        viewGradient = view
        parameterGradient = [Float](repeating: 0, count: parameterization?.parameterCount ?? 0)
        penaltyGradient = specification.adaptiveTotalVariation == nil ? Image(height: 0, width: 0) : gradient
    }
}
