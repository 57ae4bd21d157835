package io.navarch.controllers;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.controllers.serviceaccounttoken.LegacyTokenCleanerController;
import io.navarch.model.Secret;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import io.navarch.reconcile.Action;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LegacyTokenCleanerControllerTest {
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

    /// A token in a Secret that an account lists: when it was made, last used, marked as invalid, and since when uses
    /// are written down.
    @ParameterizedTest
    @CsvSource({
        // Made, used or tracked within a year: left alone.
        "2026-01-01, 2026-01-01, '', 2024-01-01, false, ''",
        "2024-01-01, 2025-12-01, '', 2024-01-01, false, ''",
        "2024-01-01, '', '', 2026-01-01, false, ''",
        "2024-01-01, '', '', '', false, ''",
        // Not used for a year, or never since that is known: marked, unless a pod has it.
        "2024-01-01, 2025-01-01, '', 2024-01-01, false, Patch",
        "2024-01-01, '', '', 2025-01-01, false, Patch",
        "2024-01-01, 2025-01-01, '', 2024-01-01, true, ''",
        // Marked for a year: gone.
        "2022-01-01, 2024-01-01, 2026-01-01, 2022-01-01, false, ''",
        "2022-01-01, 2024-01-01, 2025-05-01, 2022-01-01, false, Delete"
    })
    void tokensThatNobodyUsesGoInTwoSteps(
            String made, String used, String invalid, String tracked, boolean mounted, String wanted) {
        var secret = View.of(Yaml.parse("{metadata: {name: t, namespace: ns, uid: u, creationTimestamp: '" + made
                + "T00:00:00Z', labels: {"
                + (used.isEmpty() ? "" : "kubernetes.io/legacy-token-last-used: '" + used + "', ")
                + (invalid.isEmpty() ? "" : "kubernetes.io/legacy-token-invalid-since: '" + invalid + "'") + "}}}"));
        var decision = new LegacyTokenCleanerController()
                .decide(new LegacyTokenCleanerController.Seen(Secret.of(secret), mounted, tracked), NOW);
        assertThat(decision.actions().stream()
                        .map(Action::getClass)
                        .map(Class::getSimpleName)
                        .toList())
                .containsExactly(wanted.isEmpty() ? new String[0] : new String[] {wanted});
    }
}
