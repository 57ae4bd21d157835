package io.navarch.apps;

import io.navarch.apiserver.audit.AuditHandling;
import io.navarch.apiserver.audit.AuditLog;
import io.navarch.apiserver.audit.AuditMode;
import io.navarch.apiserver.audit.AuditPolicy;
import io.navarch.apiserver.audit.AuditPolicyFile;
import io.navarch.apiserver.audit.LogTarget;
import io.navarch.client.Kubeconfig;
import io.navarch.objects.GoDuration;
import io.navarch.objects.GoText;
import io.navarch.process.ConfigurationException;
import io.navarch.process.ConfigurationReader;
import io.navarch.process.Options;
import io.navarch.process.Options.Option;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The options that say what is written down of calls, under kube-apiserver's names and with its words for what is
/// wrong.
///
/// Source: https://kubernetes.io/docs/reference/command-line-tools-reference/kube-apiserver/
final class AuditOptions {
    private static final String LOG = "log";
    private static final String WEBHOOK = "webhook";
    private static final String VERSION = "audit.k8s.io/v1";
    private static final String MODES =
            Stream.of(AuditMode.values()).map(AuditMode::text).collect(Collectors.joining(","));

    static final List<Option> DECLARED = Stream.of(
                    List.of(
                            Option.value(
                                    "audit-policy-file",
                                    "",
                                    "what is written down of which calls (Policy of audit.k8s.io/v1)"),
                            Option.value("audit-log-path", "", "file that it is written to (-: standard output)"),
                            Option.value("audit-log-maxage", "366", "days that older files are kept (0: for ever)"),
                            Option.value("audit-log-maxbackup", "100", "older files that are kept (0: all)"),
                            Option.value(
                                    "audit-log-maxsize",
                                    "100",
                                    "megabytes of a file before it gives way to a new one (0: never)"),
                            Option.flag("audit-log-compress", "compress older files (gzip)"),
                            Option.value("audit-log-format", "json", "json, or legacy for a line of text"),
                            Option.value("audit-log-version", VERSION, "of the events")),
                    handling(LOG, "blocking", "1", "0s", "false", "0", "0"),
                    List.of(
                            Option.value("audit-webhook-config-file", "", "kubeconfig of a service that it is sent to"),
                            Option.value(
                                    "audit-webhook-initial-backoff", "10s", "pause before it is sent a second time"),
                            Option.value("audit-webhook-version", VERSION, "of the events")),
                    handling(WEBHOOK, "batch", "400", "30s", "true", "10", "15"))
            .flatMap(List::stream)
            .toList();

    private static List<Option> handling(
            String plugin, String mode, String size, String wait, String throttled, String qps, String burst) {
        var at = "audit-" + plugin + "-";
        return List.of(
                Option.value(at + "mode", mode, "whether calls wait until it is kept: " + MODES),
                Option.value(at + "batch-buffer-size", "10000", "events that wait at most, in mode batch"),
                Option.value(at + "batch-max-size", size, "events of a batch at most"),
                Option.value(at + "batch-max-wait", wait, "how long an event waits for others"),
                Option.value(at + "batch-throttle-enable", throttled, "whether batches are throttled"),
                Option.value(at + "batch-throttle-qps", qps, "batches a second"),
                Option.value(at + "batch-throttle-burst", burst, "batches at once, when none went before"),
                Option.flag(at + "truncate-enabled", "shorten or leave out events that are too long"),
                Option.value(at + "truncate-max-event-size", "102400", "bytes of an event"),
                Option.value(at + "truncate-max-batch-size", "10485760", "bytes of a batch"));
    }

    private final Options options;
    private final List<String> errors = new ArrayList<>();

    private AuditOptions(Options options) {
        this.options = options;
    }

    /// @throws Options.UsageException naming all that is wrong
    static AuditConfig read(Options options) {
        return new AuditOptions(options).read();
    }

    private AuditConfig read() {
        var log = options.string("audit-log-path").isEmpty() ? Optional.<AuditConfig.Log>empty() : Optional.of(log());
        var webhook = options.string("audit-webhook-config-file").isEmpty()
                ? Optional.<AuditConfig.Webhook>empty()
                : Optional.of(webhook());
        if (errors.size() == 1) throw new Options.UsageException(errors.getFirst());
        if (!errors.isEmpty()) throw new Options.UsageException("[" + String.join(", ", errors) + "]");
        return new AuditConfig(policy(), log, webhook);
    }

    private Optional<AuditPolicy> policy() {
        var policy = options.string("audit-policy-file");
        if (policy.isEmpty()) return Optional.empty();
        try {
            return Optional.of(AuditPolicyFile.read(ConfigurationReader.text(Path.of(policy))));
        } catch (IOException | ConfigurationException e) {
            throw new Options.UsageException("--audit-policy-file " + policy + ": " + e.getMessage());
        }
    }

    private AuditConfig.Log log() {
        var handling = handling(LOG);
        version(LOG);
        var format = options.string("audit-log-format");
        if (!format.equals("json") && !format.equals("legacy"))
            errors.add("invalid audit log format " + format + ", allowed formats are \"legacy,json\"");
        var keeping = new AuditLog.Keeping(
                notNegative("audit-log-maxsize"),
                notNegative("audit-log-maxbackup"),
                notNegative("audit-log-maxage"),
                options.flag("audit-log-compress"));
        return new AuditConfig.Log(
                options.string("audit-log-path"),
                keeping,
                format.equals("legacy") ? LogTarget.Format.LEGACY : LogTarget.Format.JSON,
                handling);
    }

    private AuditConfig.Webhook webhook() {
        var handling = handling(WEBHOOK);
        version(WEBHOOK);
        return new AuditConfig.Webhook(
                service(Path.of(options.string("audit-webhook-config-file"))),
                length("audit-webhook-initial-backoff"),
                handling);
    }

    private static Kubeconfig service(Path file) {
        try {
            var service = Kubeconfig.read(file);
            // What cannot be used is told now, not when the first event is sent.
            service.target();
            return service;
        } catch (IOException | ConfigurationException e) {
            throw new Options.UsageException("--audit-webhook-config-file: initializing audit webhook: " + words(e));
        }
    }

    private static String words(Exception e) {
        return e instanceof NoSuchFileException missing
                ? "stat " + missing.getFile() + ": no such file or directory"
                : String.valueOf(e.getMessage());
    }

    private void version(String plugin) {
        if (!options.string("audit-" + plugin + "-version").equals(VERSION))
            errors.add("--audit-" + plugin + "-version: invalid group version, allowed versions are [\"" + VERSION
                    + "\"]");
    }

    private int notNegative(String option) {
        int value = options.integer(option);
        if (value < 0) errors.add("--" + option + " " + value + " can't be a negative number");
        return value;
    }

    private AuditHandling handling(String plugin) {
        var at = "audit-" + plugin + "-";
        var text = options.string(at + "mode");
        var mode = AuditMode.of(text);
        if (mode.isEmpty())
            errors.add("invalid audit " + plugin + " mode " + text + ", allowed modes are " + GoText.quoted(MODES));
        var batching = new AuditHandling.Batching(
                options.integer(at + "batch-buffer-size"),
                options.integer(at + "batch-max-size"),
                length(at + "batch-max-wait"),
                throttle(at));
        if (mode.isPresent() && mode.get() == AuditMode.BATCH) batching(plugin, batching);
        return new AuditHandling(mode.orElse(AuditMode.BLOCKING), batching, truncation(plugin));
    }

    private Optional<AuditHandling.Throttle> throttle(String at) {
        double qps = number(at + "batch-throttle-qps");
        int burst = options.integer(at + "batch-throttle-burst");
        return switched(at + "batch-throttle-enable")
                ? Optional.of(new AuditHandling.Throttle(qps, burst))
                : Optional.empty();
    }

    /// As far as it is of use, the first that is wrong is told.
    private void batching(String plugin, AuditHandling.Batching batching) {
        if (batching.buffer() <= 0) wrong(plugin, "buffer size", batching.buffer());
        else if (batching.size() <= 0) wrong(plugin, "max batch size", batching.size());
        else if (batching.throttle().isPresent() && batching.throttle().get().qps() <= 0)
            wrong(plugin, "throttle QPS", options.string("audit-" + plugin + "-batch-throttle-qps"));
        else if (batching.throttle().isPresent() && batching.throttle().get().burst() <= 0)
            wrong(plugin, "throttle burst", batching.throttle().get().burst());
    }

    private void wrong(String plugin, String what, Object value) {
        errors.add("invalid audit batch " + plugin + " " + what + " " + value + ", must be a positive number");
    }

    private Optional<AuditHandling.Truncation> truncation(String plugin) {
        var at = "audit-" + plugin + "-truncate-";
        long event = whole(at + "max-event-size");
        long batch = whole(at + "max-batch-size");
        var begin = "invalid audit truncate " + plugin + " ";
        if (event <= 0) errors.add(begin + "max event size " + event + ", must be a positive number");
        else if (batch < event)
            errors.add(begin + "max batch size " + batch + ", must be greater than max event size (" + event + ")");
        return options.flag(at + "enabled")
                ? Optional.of(new AuditHandling.Truncation(event, batch))
                : Optional.empty();
    }

    private boolean switched(String name) {
        var text = options.string(name);
        if (!text.equals("true") && !text.equals("false"))
            throw invalid(name, "strconv.ParseBool: parsing " + GoText.quoted(text) + ": invalid syntax");
        return text.equals("true");
    }

    private long whole(String name) {
        try {
            return Long.parseLong(options.string(name));
        } catch (NumberFormatException e) {
            throw invalid(
                    name, "strconv.ParseInt: parsing " + GoText.quoted(options.string(name)) + ": invalid syntax");
        }
    }

    private double number(String name) {
        try {
            double value = Double.parseDouble(options.string(name));
            if (Double.isFinite(value)) return value;
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw invalid(name, "strconv.ParseFloat: parsing " + GoText.quoted(options.string(name)) + ": invalid syntax");
    }

    private Duration length(String name) {
        try {
            var length = GoDuration.parse(options.string(name));
            if (length.isNegative()) throw new Options.UsageException("--" + name + " must not be negative");
            return length;
        } catch (IllegalArgumentException e) {
            throw invalid(name, String.valueOf(e.getMessage()));
        }
    }

    private Options.UsageException invalid(String name, String why) {
        return new Options.UsageException(
                "invalid argument " + GoText.quoted(options.string(name)) + " for \"--" + name + "\" flag: " + why);
    }
}
