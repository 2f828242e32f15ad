import Foundation

/// Why a reel could not be rendered: the place in the reel, and the message of what failed there.
struct ReelError: Error, CustomStringConvertible {
    let place: String
    let cause: any Error

    var description: String { "\(place): \(cause)" }

    /// Adds the place to any error that `body` throws; a stop passes unchanged.
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
