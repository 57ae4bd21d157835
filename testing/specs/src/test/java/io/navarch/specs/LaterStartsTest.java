package io.navarch.specs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.apps.ControlPlane;
import io.navarch.apps.Host;
import io.navarch.apps.LiveCertificates;
import io.navarch.apps.ServerOptions;
import io.navarch.client.Client;
import io.navarch.http.EventLoops;
import io.navarch.model.Pod;
import io.navarch.model.Resources;
import io.navarch.model.Secret;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.View;
import io.navarch.pki.Pki;
import io.navarch.process.Options;
import io.navarch.schema.admission.User;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A server that starts on what an earlier one has left, on a machine that has changed, or with files that have.
class LaterStartsTest {
    private static final EventLoops LOOPS = new EventLoops(1);

    @TempDir
    Path directory;

    private ControlPlane plane;

    @AfterAll
    static void end() {
        LOOPS.close();
    }

    @BeforeEach
    void first() throws IOException {
        start("192.0.2.1");
    }

    @AfterEach
    void stop() {
        if (plane != null) plane.close();
        plane = null;
    }

    private void start(String address) throws IOException {
        var options = Options.parse(
                ServerOptions.DECLARED,
                List.of(
                        "--data-dir",
                        directory.toString(),
                        "--port",
                        "0",
                        "--bind-address",
                        "127.0.0.1",
                        "--no-node",
                        "--advertise-address",
                        address),
                Map.of());
        var certificates = new LiveCertificates(new Pki(directory.resolve("pki"), InstantSource.system()));
        plane = new ControlPlane(ServerOptions.read(options, Host.local()), certificates, LOOPS);
    }

    private Client client() {
        return plane.client(User.of("admin", User.MASTERS), "test");
    }

    private X509Certificate serving() throws IOException, CertificateException {
        var pem = Files.readString(directory.resolve("pki/apiserver.pem"));
        var shown = pem.substring(pem.indexOf("-----BEGIN CERTIFICATE"));
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(shown.getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void aMachineThatHasMovedIsFoundAtItsNewAddress() throws Exception {
        var authority = Files.readString(directory.resolve("pki/ca.crt"));
        assertThat(serving().getSubjectAlternativeNames()).anyMatch(name -> name.contains("192.0.2.1"));
        stop();
        start("192.0.2.77");
        var endpoints = client().get(Resources.ENDPOINTS, new ObjectKey("default", "kubernetes"));
        assertThat(endpoints.subsets().getFirst().addresses())
                .singleElement()
                .satisfies(each -> assertThat(each.ip()).isEqualTo("192.0.2.77"));
        assertThat(client().items(Resources.ENDPOINT_SLICES, "default", ""))
                .filteredOn(slice -> slice.labels().containsValue("kubernetes"))
                .allSatisfy(slice ->
                        assertThat(slice.endpoints().getFirst().addresses()).containsExactly("192.0.2.77"));
        assertThat(serving().getSubjectAlternativeNames())
                .anyMatch(name -> name.contains("192.0.2.77"))
                .noneMatch(name -> name.contains("192.0.2.1"));
        assertThat(Files.readString(directory.resolve("pki/ca.crt"))).isEqualTo(authority);
    }

    @Test
    void keysOfValuesThatAreMissingOrDamagedAreNamedAndNotMadeAnew() throws IOException {
        client().create(
                        Resources.SECRETS,
                        Secret.builder()
                                .metadata(meta -> meta.name("s").namespace("default"))
                                .putStringData("a", "b")
                                .build());
        stop();
        var keys = directory.resolve("encryption.yaml");
        var text = Files.readString(keys);
        Files.delete(keys);
        assertThatThrownBy(() -> start("192.0.2.1")).hasMessageContaining(keys + " is missing");
        // Also when nothing else says that there were any.
        Files.delete(directory.resolve("encryption-status.json"));
        assertThatThrownBy(() -> start("192.0.2.1")).hasMessageContaining(keys + " is missing");
        assertThat(keys).doesNotExist();
        for (var damaged : List.of("", text.substring(0, text.length() / 2), text.replace("secret: ", "secret: B"))) {
            Files.writeString(keys, damaged);
            assertThatThrownBy(() -> start("192.0.2.1")).hasMessageContaining(keys.toString());
            assertThat(keys).hasContent(damaged);
        }
        Files.writeString(keys, text);
        start("192.0.2.1");
        assertThat(client().get(Resources.SECRETS, new ObjectKey("default", "s"))
                        .data())
                .containsKey("a");
    }

    /// The scheduler tells as the original's does: in the newer group, which shows in the older one.
    @Test
    void theSchedulersEventsAreThoseOfTheNewGroup() {
        PlaneUnderTest.eventually(
                () -> client().find(Resources.SERVICE_ACCOUNTS.untyped(), new ObjectKey("default", "default")),
                View::exists);
        client().create(
                        Resources.PODS,
                        Pod.builder()
                                .metadata(meta -> meta.name("waits").namespace("default"))
                                .spec(spec -> spec.addContainers(
                                        container -> container.name("c").image("i")))
                                .build());
        var told = PlaneUnderTest.eventually(
                () -> client().list(Resources.EVENTS, "default", "fieldSelector=reason=FailedScheduling"),
                list -> !list.get("items").list().isEmpty());
        var event = Resources.EVENTS.read(told.get("items").at(0));
        assertThat(event.reportingComponent()).isEqualTo("default-scheduler");
        assertThat(event.reportingInstance()).startsWith("default-scheduler-");
        assertThat(event.action()).isEqualTo("Scheduling");
        assertThat(event.eventTime()).isPresent();
        assertThat(event.firstTimestamp()).isEmpty();
        assertThat(event.source().component()).isEmpty();
    }
}
