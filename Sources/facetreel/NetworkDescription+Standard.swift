import ConvNet
import Networks

extension NetworkDescription {
    /// The network that commands are about: the only place that chooses one.
    static let standard = MobileNetV2.description
}
