/// In Foundation's place: what Disk, ConvNet and its tests use of it, over the C library.
@_exported import CLibrary

public var errno: Int32 { __errno_location().pointee }

public func open(_ path: UnsafePointer<CChar>, _ flags: Int32, _ mode: mode_t) -> Int32 {
    facetreel_open(path, flags, mode)
}

public func sin(_ x: Float) -> Float { sinf(x) }
public func cos(_ x: Float) -> Float { cosf(x) }

/// What the standard library calls to read a number, and leaves to the system.
/// - Returns: where the number ends.
@_cdecl("_swift_stdlib_strtod_clocale")
public func readNumber(_ text: UnsafePointer<CChar>, _ number: UnsafeMutablePointer<Double>) -> UnsafePointer<CChar>? {
    var end: UnsafeMutablePointer<CChar>?
    number.pointee = strtod(text, &end)
    return UnsafePointer(end)
}
