package io.navarch.apps.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class BundleTest {
    /// None of them may be found in what is given away.
    private static final List<String> SECRETS = List.of(
            "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcw",
            "eyJhbGciOiJSUzI1NiIsImtpZCI6IngifQ",
            "c2lnbmF0dXJl1234",
            "0123456789abcdef",
            "hunter2",
            "s3cr3t-value",
            "correct-horse",
            "QWxhZGRpbjpvcGVu",
            "battery-staple",
            "tr0ub4dor",
            "horse2",
            "lQOYBF2l0lEBCADKW5nd");

    private static final String LOG = """
            2026-01-01T00:00:00.000Z I Server: started with --token abcdef.0123456789abcdef --port 6443
            -----BEGIN RSA PRIVATE KEY-----
            MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcw
            -----END RSA PRIVATE KEY-----
            Authorization: Bearer eyJhbGciOiJSUzI1NiIsImtpZCI6IngifQ.eyJzdWIiOiJ4In0xx.c2lnbmF0dXJl1234
            authorization: Basic QWxhZGRpbjpvcGVu
            connecting to postgres://shop:hunter2@db:5432/shop
            {"password":"s3cr3t-value","user":"shop"}
            DB_PASSWORD=correct-horse psql
            client-key-data: battery-staple
            redis-server --requirepass hunter2 --appendonly yes
            running ["redis-server","--requirepass","hunter2","--appendonly"]
            {"msg":"{\\"password\\":\\"hunter2\\",\\"user\\":\\"shop\\"}"}
            {"password":"correct, horse; horse2 & \\"hunter2\\" more horse2","user":"quoted"}
            password='correct horse2'
            passphrase: correct horse2 battery
            amqp://shop:hunter2/s3cr3t-value@mq:5672/
            -----BEGIN PGP PRIVATE KEY BLOCK-----

            lQOYBF2l0lEBCADKW5nd
            -----END PGP PRIVATE KEY BLOCK-----
            pod shop/web-5d8f failed: image nginx:1.7.9 not found
            """;

    private static final String POD = """
            metadata:
              name: web
              annotations: {kubectl.kubernetes.io/last-applied-configuration: '{"env":"tr0ub4dor"}', other: '{\"password\":\"hunter2\"}'}
              managedFields: [{manager: x}]
            spec:
              containers:
              - name: app
                image: web:1
                args: [--password, hunter2, "3"]
                command: [sh, -c, 'mysql -phunter2']
                lifecycle: {preStop: {exec: {command: [hunter2]}}}
                env: [{name: ANYTHING, value: tr0ub4dor}, {name: FROM, valueFrom: {secretKeyRef: {name: db, key: pw}}}]
                livenessProbe: {httpGet: {httpHeaders: [{name: X-Any, value: tr0ub4dor}], path: /healthz}}
              volumes: [{name: v, csi: {volumeAttributes: {adminPassword: hunter2}}}, {name: s, secret: {secretName: db}}]
            status: {message: 'said {\"token\":\"hunter2\"}'}
            """;

    @TempDir
    Path directory;

    private String everything() throws IOException {
        var log = Files.writeString(directory.resolve("server.log"), LOG);
        var file = directory.resolve("bundle.zip");
        try (var bundle = Bundle.create(file)) {
            bundle.log("server.log", log);
            bundle.log("none.log", directory.resolve("none.log"));
            bundle.text("text", LOG);
            bundle.objects(
                    "objects/pods.jsonl", List.of(View.of(Yaml.parse(POD)).map()));
        }
        var all = new StringBuilder();
        try (var zip = new ZipFile(file.toFile())) {
            for (var entry : zip.stream().toList())
                all.append(new String(zip.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8));
        }
        return all.toString();
    }

    @Test
    void noSecretIsInIt() throws IOException {
        assertThat(LOG + POD).contains(SECRETS);
        assertThat(everything()).doesNotContain(SECRETS);
    }

    @Test
    void whatHelpsIs() throws IOException {
        assertThat(everything())
                .contains(
                        "pod shop/web-5d8f failed: image nginx:1.7.9 not found",
                        "--port 6443",
                        "connecting to postgres://shop:(left out)@db:5432/shop",
                        "\"name\":\"ANYTHING\"",
                        "\"secretKeyRef\"",
                        "\"image\":\"web:1\"",
                        "--requirepass (left out) --appendonly yes",
                        "\"args\":[\"(left out)\",\"(left out)\",\"(left out)\"]",
                        "\"secretName\":\"db\"",
                        ",\"user\":\"quoted\"}",
                        "amqp://shop:(left out)@mq:5672/");
    }

    @Test
    void aKeyThatBeginsBeforeTheTextIsLeftOut() {
        var text = "said: all is well\nMIIEvQIBADANBg+/\nhkiG9w0=\n-----END PRIVATE KEY-----\nand more\n";
        assertThat(Redaction.text(text)).isEqualTo("said: all is well\n(left out)\nand more\n");
    }

    /// Whoever writes into a log does not decide how long somebody waits.
    @Test
    @Timeout(60)
    void noTextTakesLong() {
        for (var part :
                List.of("eyJ-", "password", "token=\"", "token: \\", "-----BEGIN ", "http://a:", "-", "\\", "\n"))
            assertThat(Redaction.text(part.repeat((1 << 20) / part.length()))).isNotNull();
        assertThat(Redaction.text("A\n".repeat(1 << 19) + "-----END PRIVATE KEY-----"))
                .isEqualTo("(left out)");
    }

    /// The end of a long log begins with a whole line.
    @Test
    void ofALongLogTheEndIsGiven() throws IOException {
        var line = "password: hunter2 and more of it\n";
        var log = Files.writeString(directory.resolve("a.log"), line.repeat(100_000));
        var file = directory.resolve("b.zip");
        try (var bundle = Bundle.create(file)) {
            bundle.log("a.log", log);
        }
        try (var zip = new ZipFile(file.toFile())) {
            var text = new String(zip.getInputStream(zip.getEntry("a.log")).readAllBytes(), StandardCharsets.UTF_8);
            assertThat(text).startsWith("password: (left out)").doesNotContain("hunter2");
        }
    }
}
