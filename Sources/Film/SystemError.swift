/// A failure that the operating system may have a number for.
public protocol SystemError: Error, CustomStringConvertible {
    /// `errno` at the time; nil where no call to the system failed.
    var errorNumber: Int32? { get }
}
