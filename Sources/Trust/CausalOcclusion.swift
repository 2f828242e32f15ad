/// Whether a film tells which part of a photograph matters (the task of Zimmermann et al., "How well do feature
/// visualizations support causal understanding of CNN activations?", NeurIPS 2021, done by a machine: ours).
public enum CausalOcclusion {
    /// Of two squares, does the one that is more like the film take more of the activation with it when it is covered?
    /// The share of pairs of which that holds, 0...1; equal likenesses count half, and pairs whose losses differ by no
    /// more than a quarter of the range of losses not at all. Nil without such a pair.
    ///
    /// - Parameters:
    ///   - losses: what of the activation is lost when a square is covered.
    ///   - likenesses: how like the film the square is.
    public static func share(losses: [Double], likenesses: [Double]) -> Double? {
        precondition(losses.count == likenesses.count, "each square has both")
        guard let least = losses.min(), let most = losses.max() else { return nil }
        var (right, pairs) = (0.0, 0.0)
        for i in losses.indices {
            for j in losses[..<i].indices where abs(losses[i] - losses[j]) > (most - least) / 4 {
                pairs += 1
                let likeness = likenesses[i] - likenesses[j]
                right += likeness == 0 ? 0.5 : (likeness > 0) == (losses[i] > losses[j]) ? 1 : 0
            }
        }
        return pairs > 0 ? right / pairs : nil
    }
}
