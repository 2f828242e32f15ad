import Networks

extension Evaluator {
    /// A gradient for an objective whose own gradient is zero: an activation that lets nothing through is *redirected*
    /// (lucid's `redirected_relu6_grad`). Where its input is below the bound, it passes a gradient that would raise the
    /// input; where it is above an upper bound, one that would lower it. So an image can be led away from where a unit is
    /// dead.
    ///
    /// Only activations that block the gradient as a whole are redirected: behind the target's own, a convolution spreads
    /// the gradient over all channels. It is slow: a plan of its own, without fusions, which keeps what every activation
    /// made.
    /// - Throws: `EvaluatorError` if the weights of that plan cannot be read.
    public func redirectedGradient(of objective: Objective, at image: Image, into gradient: inout Image)
        throws(EvaluatorError)
    {
        let plan = try planForRedirection()
        EvaluationMeter.current?.count()
        image.pixels.withUnsafeBytes { if let base = $0.baseAddress { plan.forward(base, wantsMap: true) } }
        var activations = Tensor(zerosOf: activationShape)
        unblock(plan.lanes(of: plan.target), into: &activations)
        var cotangent = Tensor(zerosOf: activations.shape)
        objective.addGradient(at: activations, to: &cotangent)
        write(&gradient) { pixels in
            plan.backward(into: pixels) { block(cotangent, into: $0.gradientLanes(of: $0.target)) }
        }
    }
}
