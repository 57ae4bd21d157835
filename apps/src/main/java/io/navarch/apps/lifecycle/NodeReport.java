package io.navarch.apps.lifecycle;

import io.navarch.cli.TerminalText;
import io.navarch.model.ConditionStatus;
import io.navarch.model.Node;
import io.navarch.model.NodeCondition;
import io.navarch.model.StatusCondition;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// How a node is, as it has said itself.
///
/// @param since when this began
/// @param reason why it is not ready, `""` when it is or has not said
record NodeReport(String node, boolean ready, Optional<Instant> since, String reason) {
    static NodeReport of(Node node) {
        var found = StatusCondition.find(node.status().conditions(), "Ready");
        boolean ready = found.filter(condition -> condition.status() == ConditionStatus.TRUE)
                .isPresent();
        return new NodeReport(
                node.name(),
                ready,
                found.flatMap(NodeCondition::lastTransitionTime),
                ready
                        ? ""
                        : found.map(NodeCondition::message)
                                .map(TerminalText::of)
                                .orElse("it has not reported yet"));
    }

    String told(Instant now) {
        return node + ", " + (ready ? "Ready" : "not Ready")
                + since.map(time -> " for " + PartReport.length(Duration.between(time, now)))
                        .orElse("")
                + (reason.isEmpty() ? "" : ": " + reason);
    }
}
