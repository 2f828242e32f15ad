/// Why no network can be made of a weights file.
public enum WeightsError: Error, Equatable, CustomStringConvertible {
    /// A tensor cannot be read.
    case unreadable(SafetensorsError)
    /// The file is whole but does not describe this network.
    case unfit(file: String, place: String, reason: String)

    public var description: String {
        switch self {
        case .unreadable(let error): error.description
        case .unfit(let file, let place, let reason):
            "\(file): \(place) \(reason). Run `make weights` for the project's own weights."
        }
    }
}
