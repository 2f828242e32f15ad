/// What the engine was compiled for (see Package.swift).
public enum EngineBuild {
    /// Whether it runs on processors with AVX-512 alone.
    public static var needsAVX512: Bool {
        #if FACETREEL_AVX512
            true
        #else
            false
        #endif
    }
}
