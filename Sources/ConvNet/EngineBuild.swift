/// What the engine was compiled for (see Package.swift).
public enum EngineBuild {
    /// Whether it runs only on processors with AVX-512.
    public static var needsAVX512: Bool {
        #if FACETREEL_AVX512
            true
        #else
            false
        #endif
    }

    /// The processors that it runs on.
    public static var processor: String {
        #if arch(x86_64)
            needsAVX512 ? "x86-64 with AVX-512" : "x86-64 with AVX2"
        #else
            "arm64"
        #endif
    }
}
