import ConvNet

/// What a facet's steps write over and over, so that none of them allocates.
final class FacetScratch {
    /// Of a Fourier facet.
    let fourier: FourierImage?
    /// Of a facet whose gradient goes through transforms.
    let warp: Warp?
    /// Of a pixel facet whose transforms move the image itself.
    let mover: ImageMover?
    /// The network's view of the image, and the gradient by it.
    var view: Image
    var viewGradient: Image
    /// By the image.
    var gradient: Image
    var spectrumGradient: [Float]

    init(_ specification: FacetSpecification, height: Int, width: Int) {
        let isFourier = specification.parameterization == .fourier
        fourier = isFourier ? FourierImage(height: height, width: width) : nil
        let movesImage = specification.transformsMoveImage && !isFourier
        mover =
            movesImage
            ? specification.transforms.map { ImageMover(height: height, width: width, pad: $0.pad) } : nil
        let hasView = specification.transforms != nil && !movesImage
        warp = hasView ? Warp(height: height, width: width) : nil
        gradient = Image(height: height, width: width)
        view = hasView ? gradient : Image(height: 0, width: 0)
        viewGradient = view
        spectrumGradient = [Float](repeating: 0, count: fourier?.parameterCount ?? 0)
    }
}
