/// How a reader looks into the pictures that manifests name: it knows no format of pictures itself.
public struct PictureInspector: Sendable {
    /// What is wrong with the file at a path, with what helps; nil for a picture that can be a facet, or the start of one.
    let fault: @Sendable (_ path: String) -> String?
    /// SHA-256 of the file in small hexadecimal digits; nil if it cannot be read.
    let digest: @Sendable (_ path: String) -> String?

    public init(
        fault: @escaping @Sendable (_ path: String) -> String?, digest: @escaping @Sendable (_ path: String) -> String?
    ) {
        self.fault = fault
        self.digest = digest
    }
}
