import Networks
class ActivationOperation: MapOperation { var isRedirecting = false }
enum MapOperations {
    static func make(_ operation: Networks.Operation, inputs: [MapShape], output: MapShape) throws(NetworkError) -> MapOperation? { nil }
}
