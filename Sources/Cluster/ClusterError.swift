/// Why Slurm, or what a batch has left, does not do for what was asked.
public struct ClusterError: Error, Equatable, CustomStringConvertible {
    public let description: String
}
