import Foundation

/// Why a reel could not be rendered: where in it, and the words of what failed there.
struct ReelError: Error, CustomStringConvertible {
    let place: String
    let cause: any Error

    var description: String { "\(place): \(cause)" }

    /// Names the place of whatever `body` throws, but lets a stop through as it is.
    static func at<Result>(_ place: String, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as Stopped {
            throw error
        } catch {
            throw ReelError(place: place, cause: error)
        }
    }
}
