import Foundation

/// Where the pixels of one target row lie in the source image.
struct SamplingPlaces {
    /// The upper left, `row * width + column`, of the four source pixels around each place.
    let corners: UnsafeMutablePointer<UInt32>
    /// How far left of the right two, right of the left two, above the lower two and below the upper two, 0...1.
    let leftward: UnsafeMutablePointer<Float>
    let rightward: UnsafeMutablePointer<Float>
    let upward: UnsafeMutablePointer<Float>
    let downward: UnsafeMutablePointer<Float>
    private let memory: (Buffer<UInt32>, Buffer<Float>)

    init(width: Int) {
        memory = (Buffer(count: width), Buffer(count: 4 * width))
        corners = memory.0.base
        leftward = memory.1.base
        rightward = leftward + width
        upward = rightward + width
        downward = upward + width
    }
}

/// From a target pixel to its place in the source image, reflected into it.
struct SamplingMap {
    /// Rotation and scale, both undone.
    private let cosine: Float
    private let sine: Float
    private let centerX: Float
    private let centerY: Float
    private let shiftX: Float
    private let shiftY: Float
    private let limitX: Float
    private let limitY: Float
    private let width: Int

    init(_ transform: Transform, height: Int, width: Int) {
        let angle = transform.angle * .pi / 180
        // cos(0) and sin(0) are exact, and so is then all that follows.
        cosine = Float(cos(angle) / transform.scale)
        sine = Float(sin(angle) / transform.scale)
        (limitX, limitY) = (Float(width - 1), Float(height - 1))
        (centerX, centerY) = (limitX / 2, limitY / 2)
        (shiftX, shiftY) = (Float(transform.shiftX), Float(transform.shiftY))
        self.width = width
    }

    /// Finds the places of row `y`. Written number by number, which the compiler turns into vectors of its own accord.
    func locate(_ y: Int, into places: SamplingPlaces) {
        let v = Float(y) - centerY
        let (startX, startY) = (sine * v, cosine * v)
        let (offsetX, offsetY) = (centerX + shiftX, centerY + shiftY)
        let rowLength = Float(width)
        let (corners, leftward, rightward) = (places.corners, places.leftward, places.rightward)
        let (upward, downward) = (places.upward, places.downward)
        for x in 0..<width {
            let u = Float(x) - centerX
            let placeX = reflected((cosine * u - startX) + offsetX, limitX)
            let placeY = reflected((sine * u + startY) + offsetY, limitY)
            // The last column and row have their corner one before, at distance 1.
            let left = least(placeX.rounded(.down), limitX - 1)
            let top = least(placeY.rounded(.down), limitY - 1)
            rightward[x] = placeX - left
            leftward[x] = 1 - (placeX - left)
            downward[x] = placeY - top
            upward[x] = 1 - (placeY - top)
            // A whole number in 0..<2^23 as an integer: its low bits once 2^23 is added. Conversion checks would cost more
            // than the rest.
            corners[x] = (left + top * rowLength + 0x1p23).bitPattern & 0x7f_ffff
        }
    }

    /// Folded into 0...limit at its ends (... 2 1 | 0 1 2 ...), however far out: the distance to the nearest multiple of
    /// the period 2 limit, which rounding may leave a little beyond the limit.
    @inline(__always) private func reflected(_ value: Float, _ limit: Float) -> Float {
        let period = 2 * limit
        return least(abs(value - period * (value * (1 / period)).rounded(.toNearestOrEven)), limit)
    }

    /// `min` without its care for NaN.
    @inline(__always) private func least(_ value: Float, _ limit: Float) -> Float { value < limit ? value : limit }
}
