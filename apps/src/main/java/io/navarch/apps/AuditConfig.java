package io.navarch.apps;

import io.navarch.apiserver.audit.AuditBackend;
import io.navarch.apiserver.audit.AuditHandling;
import io.navarch.apiserver.audit.AuditLog;
import io.navarch.apiserver.audit.AuditLosses;
import io.navarch.apiserver.audit.AuditPolicy;
import io.navarch.apiserver.audit.AuditSink;
import io.navarch.apiserver.audit.AuditStream;
import io.navarch.apiserver.audit.AuditSurroundings;
import io.navarch.apiserver.audit.Auditor;
import io.navarch.apiserver.audit.LogTarget;
import io.navarch.apiserver.audit.WebhookTarget;
import io.navarch.client.Kubeconfig;
import io.navarch.client.RemoteEvents;
import io.navarch.http.EventLoops;
import io.navarch.process.Metrics;
import io.navarch.process.Timers;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What is written down of calls, and where.
record AuditConfig(Optional<AuditPolicy> policy, Optional<Log> log, Optional<Webhook> webhook) {
    static final AuditConfig OFF = new AuditConfig(Optional.empty(), Optional.empty(), Optional.empty());

    private static final Logger LOG = LoggerFactory.getLogger(AuditConfig.class);

    /// @param file that it is written to, `-`: to standard output
    record Log(String file, AuditLog.Keeping keeping, LogTarget.Format format, AuditHandling handling) {
        private AuditSink sink(InstantSource clock) throws IOException {
            return file.equals("-")
                    ? new AuditStream(new FileOutputStream(FileDescriptor.out))
                    : new AuditLog(Path.of(file), keeping, clock);
        }
    }

    /// @param service that is told
    /// @param firstPause before it is tried again
    record Webhook(Kubeconfig service, Duration firstPause, AuditHandling handling) {
        private WebhookTarget.Service service(Surroundings surroundings) {
            var events =
                    new RemoteEvents(service, firstPause, surroundings.loops, surroundings.timers, surroundings.random);
            return new WebhookTarget.Service() {
                @Override
                public void post(byte[] body) throws IOException, InterruptedException {
                    events.post(body);
                }

                @Override
                public void close() {
                    events.close();
                }
            };
        }
    }

    record Surroundings(
            Metrics metrics, InstantSource clock, Timers timers, RandomGenerator random, EventLoops loops) {}

    Auditor auditor(Surroundings surroundings) throws IOException {
        if (policy.isEmpty() && (log.isPresent() || webhook.isPresent()))
            LOG.warn("nothing is written down of calls without --audit-policy-file");
        var losses = new AuditLosses(surroundings.metrics, System::nanoTime);
        var around = new AuditSurroundings(losses, surroundings.timers, System::nanoTime);
        var backends = new ArrayList<AuditBackend>();
        if (log.isPresent()) {
            var target = new LogTarget(log.get().sink(surroundings.clock), log.get().format, losses);
            backends.add(new AuditBackend(target, log.get().handling, around));
        }
        if (webhook.isPresent()) {
            var target = new WebhookTarget(webhook.get().service(surroundings), losses);
            backends.add(new AuditBackend(target, webhook.get().handling, around));
        }
        return new Auditor(
                new Auditor.Configuration(policy, backends),
                surroundings.metrics,
                surroundings.clock,
                System::nanoTime);
    }
}
