import FeatureVisualization
import JobManifest

extension FacetSpecification {
    /// What a manifest's facet means to the optimiser. Strengths stay those for 224 pixels: it scales them itself.
    /// - Parameter isGrey: whether the network sees no colors.
    init(_ settings: FacetSettings, isGrey: Bool = false) {
        let optimizer: Optimizer =
            switch settings.optimizer {
            case .adam: .adam
            case .sign: .sign
            }
        self.init(
            name: settings.name,
            parameterization: Parameterization(
                settings.parameterization, decorrelatesColors: settings.decorrelatesColors,
                spectrum: settings.spectrum),
            steps: settings.steps,
            optimizer: optimizer,
            learningRate: settings.learningRate,
            l1: settings.l1.map { Schedule($0) },
            totalVariation: settings.totalVariation.map { Schedule($0) },
            adaptiveTotalVariation: settings.adaptiveTotalVariation.map { Schedule($0) },
            gaussianBlur: settings.gaussianBlur.map {
                GaussianBlur(kernel: $0.kernel, sigma: Schedule($0.sigma), every: $0.every)
            },
            bilateralFilter: settings.bilateralFilter.map {
                BilateralFilter(
                    kernel: $0.kernel, sigmaColor: $0.sigmaColor, sigmaSpace: $0.sigmaSpace, every: $0.every)
            },
            transforms: settings.transforms.map { TransformSchedule($0) },
            transformsMoveImage: settings.transformsMoveImage, isGrey: isGrey,
            meanColor: MeanColor(settings.meanColor), nearness: settings.nearness, until: settings.until)
    }
}

extension FacetSpecification.MeanColor {
    fileprivate init(_ settings: MeanColorSettings) {
        switch settings {
        case .free: self = .free
        case .guarded: self = .guarded
        case .grey: self = .grey
        }
    }
}

extension Schedule {
    init(_ settings: ScheduleSettings) {
        switch settings {
        case .constant(let value): self = .constant(value)
        case .linear(let from, let to): self = .linear(from: from, to: to)
        case .cosine(let from, let to): self = .cosine(from: from, to: to)
        case .sigmoid(let from, let to, let steepness): self = .sigmoid(from: from, to: to, steepness: steepness)
        case .piecewise(let points): self = .piecewise(points.map { Point(at: $0.at, value: $0.value) })
        }
    }
}

extension TransformSchedule {
    init(_ settings: TransformSettings) {
        switch settings {
        case .named(.thesis): self = .thesis
        case .named(.distill): self = .distill
        case .named(.lucid): self = .lucid
        case .named(.narrowing): self = .narrowing
        case .explicit(let own):
            self.init(
                pad: own.pad, jitter: own.jitter, scales: own.scales, angles: own.angles, finalJitter: own.finalJitter,
                views: own.views.map { Schedule($0) })
        }
    }
}
