package io.navarch.controllers.deployment;

import io.navarch.model.Deployment;
import io.navarch.model.DeploymentStrategyType;

/// How many pods a Deployment wants, and how far its rollout may deviate from that.
record Strategy(DeploymentStrategyType type, long desired, long maxSurge, long maxUnavailable) {
    static Strategy of(Deployment deployment) {
        var spec = deployment.spec();
        long desired = spec.replicasOr(1);
        var type = spec.strategy().type();
        if (type != DeploymentStrategyType.ROLLING_UPDATE) return new Strategy(type, desired, 0, 0);
        var update = spec.strategy().rollingUpdate();
        long surge = update.maxSurge().scaled(desired, true);
        long unavailable = update.maxUnavailable().scaled(desired, false);
        // Both rounding to zero would never move.
        boolean stuck = unavailable == 0 && surge == 0;
        return new Strategy(type, desired, surge, stuck ? 1 : Math.min(unavailable, desired));
    }

    static boolean recreates(Deployment deployment) {
        return deployment.spec().strategy().type() == DeploymentStrategyType.RECREATE;
    }

    boolean recreate() {
        return type == DeploymentStrategyType.RECREATE;
    }

    /// The most pods there may be at any time.
    long maximum() {
        return desired + maxSurge;
    }
}
