import Records
import Trust

extension TrustStage {
    /// By the features of the network's last layer that has places.
    func measureAgreement(_ findings: inout Findings, _ images: TrustFeatures) {
        let own = images.facets.map { images.features(of: $0) }
        let reason = images.hasRecipe ? "the unit is dead where that facet begins" : "all facets are pictures"
        findings.set(
            .seedAgreement, images.otherSeed.flatMap { Clarity.agreement(own, [images.features(of: $0)]) },
            otherwise: reason)
        findings.set(
            .parameterizationAgreement, images.phases.flatMap { Clarity.agreement(own, [images.features(of: $0)]) },
            otherwise: reason)
        let some = Array(own.prefix(Clarity.mostVectors))
        findings.set(.clarity, Clarity.clarity(own), otherwise: "there is one facet")
        findings.set(.polysemanticity, Clarity.polysemanticity(some), otherwise: "there is one facet")
    }
}
