package io.navarch.authorization;

import java.nio.file.Path;
import java.time.Duration;

/// How a webhook is asked, and how long its answers count.
///
/// @param kubeconfig says where it is, and as whom it is called
/// @param version of the SubjectAccessReviews it is sent
/// @param allowedFor how long a permission counts; zero for the one call
/// @param refusedFor how long anything else counts
/// @param closed whether a call is refused when it gives no answer; otherwise the next one is asked
/// @param conditions which calls it is asked about
record WebhookConfiguration(
        Path kubeconfig,
        String version,
        Duration timeout,
        Duration allowedFor,
        Duration refusedFor,
        boolean closed,
        MatchConditions conditions) {}
