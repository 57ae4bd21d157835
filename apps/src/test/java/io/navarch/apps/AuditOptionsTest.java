package io.navarch.apps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.apiserver.audit.AuditMode;
import io.navarch.process.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuditOptionsTest {
    @TempDir
    Path directory;

    private static AuditConfig read(String arguments) {
        return AuditOptions.read(Options.parse(AuditOptions.DECLARED, List.of(arguments.split(" ")), Map.of()));
    }

    private String webhook(String server) throws IOException {
        var file = directory.resolve("webhook");
        Files.writeString(file, """
                current-context: c
                contexts: [{name: c, context: {cluster: a}}]
                clusters: [{name: a, cluster: {server: "%s"}}]
                """.formatted(server));
        return "--audit-webhook-config-file " + file;
    }

    /// The words of kube-apiserver v1.36.3.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "--audit-log-maxage -1 | --audit-log-maxage -1 can't be a negative number",
                "--audit-log-maxsize -1 --audit-log-maxbackup -2 | [--audit-log-maxsize -1 can't be a negative number,"
                        + " --audit-log-maxbackup -2 can't be a negative number]",
                "--audit-log-mode later | invalid audit log mode later, allowed modes are"
                        + " \"batch,blocking,blocking-strict\"",
                "--audit-log-format xml | invalid audit log format xml, allowed formats are \"legacy,json\"",
                "--audit-log-version audit.k8s.io/v1beta1 | --audit-log-version: invalid group version, allowed versions"
                        + " are [\"audit.k8s.io/v1\"]",
                "--audit-log-mode batch --audit-log-batch-buffer-size 0 | invalid audit batch log buffer size 0, must be"
                        + " a positive number",
                "--audit-log-mode batch --audit-log-batch-max-size -1 | invalid audit batch log max batch size -1, must"
                        + " be a positive number",
                "--audit-log-mode batch --audit-log-batch-throttle-enable=true | invalid audit batch log throttle QPS 0,"
                        + " must be a positive number",
                "--audit-log-mode batch --audit-log-batch-throttle-enable=true --audit-log-batch-throttle-qps 2 |"
                        + " invalid audit batch log throttle burst 0, must be a positive number",
                "--audit-log-truncate-max-event-size 0 | invalid audit truncate log max event size 0, must be a positive"
                        + " number",
                "--audit-log-truncate-max-batch-size 9 | invalid audit truncate log max batch size 9, must be greater"
                        + " than max event size (102400)",
                "--audit-log-batch-max-wait soon | invalid argument \"soon\" for \"--audit-log-batch-max-wait\" flag:"
                        + " time: invalid duration \"soon\"",
            })
    void whatIsWrongIsNamed(String arguments, String message) {
        assertThatThrownBy(() -> read("--audit-log-path /x " + arguments))
                .isInstanceOf(Options.UsageException.class)
                .hasMessage(message);
        assertThat(read(arguments))
                .as("Where nothing is written it does not matter.")
                .isEqualTo(AuditConfig.OFF);
    }

    @Test
    void aPolicyThatIsWrongIsNamed() throws IOException {
        var file = directory.resolve("policy.yaml");
        Files.writeString(file, "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{level: Some}]");
        assertThatThrownBy(() -> read("--audit-policy-file " + file))
                .isInstanceOf(Options.UsageException.class)
                .hasMessageStartingWith(
                        "--audit-policy-file " + file + ": rules[0].level: Unsupported value: \"Some\"");
    }

    @Test
    void whatIsNotUsedMayBeWrong() {
        assertThat(read("--audit-log-path /x --audit-log-batch-buffer-size 0").log())
                .isPresent();
    }

    @Test
    void aWebhookIsToldInBatches() throws IOException {
        var webhook = read(webhook("https://192.0.2.9/events")).webhook().orElseThrow();
        assertThat(webhook.handling().mode()).isEqualTo(AuditMode.BATCH);
        assertThat(webhook.handling().batching().size()).isEqualTo(400);
        assertThat(webhook.handling().batching().throttle().orElseThrow().burst())
                .isEqualTo(15);
        assertThat(webhook.handling().truncation()).isEmpty();
    }

    @Test
    void aWebhookThatNobodyCanFindIsRefused() throws IOException {
        assertThatThrownBy(() -> read("--audit-webhook-config-file /no/such"))
                .hasMessage("--audit-webhook-config-file: initializing audit webhook: stat /no/such: no such file or"
                        + " directory");
        var named = webhook("nowhere");
        assertThatThrownBy(() -> read(named))
                .isInstanceOf(Options.UsageException.class)
                .hasMessageContaining("the server is no URL of a host: \"nowhere\"");
        var fine = webhook("https://192.0.2.9");
        assertThatThrownBy(() -> read(fine + " --audit-webhook-mode never"))
                .hasMessageStartingWith("invalid audit webhook mode never");
    }
}
