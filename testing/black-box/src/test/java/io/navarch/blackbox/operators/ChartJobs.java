package io.navarch.blackbox.operators;

import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// What the jobs of an operator's chart do: certificates for its webhooks, whom these trust, what must be gone before
/// the operator is, and whether it works.
public final class ChartJobs {
    private static final String PASSWORD = "changeit";

    private final KubernetesClient client;

    private ChartJobs(KubernetesClient client) {
        this.client = client;
    }

    public static void main(String[] arguments) throws Exception {
        try (var client = new KubernetesClientBuilder().build()) {
            var jobs = new ChartJobs(client);
            switch (arguments[0]) {
                case "certificate" -> jobs.certificate(arguments[1], arguments[2]);
                case "trust" -> jobs.trust(arguments[1], arguments[2]);
                case "clean" -> jobs.clean();
                case "check" -> jobs.check(arguments[1], arguments[2]);
                default -> throw new IllegalArgumentException(arguments[0]);
            }
        }
    }

    private void certificate(String secret, String host) throws Exception {
        if (client.secrets().withName(secret).get() != null) {
            System.out.println("there is a certificate");
            return;
        }
        var file = Path.of("/tmp/keys.p12");
        key(file, "ca", "-dname", "CN=authority", "-ext", "bc:c");
        key(file, "tls", "-dname", "CN=" + host, "-ext", "san=dns:" + host, "-signer", "ca");
        var store = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(file)) {
            store.load(in, PASSWORD.toCharArray());
        }
        client.resource(new SecretBuilder()
                        .withNewMetadata()
                        .withName(secret)
                        .endMetadata()
                        .withType("kubernetes.io/tls")
                        .withStringData(Map.of(
                                "ca.crt",
                                        pem(
                                                "CERTIFICATE",
                                                store.getCertificate("ca").getEncoded()),
                                "tls.crt",
                                        pem(
                                                "CERTIFICATE",
                                                store.getCertificate("tls").getEncoded()),
                                "tls.key",
                                        pem(
                                                "PRIVATE KEY",
                                                store.getKey("tls", PASSWORD.toCharArray())
                                                        .getEncoded())))
                        .build())
                .create();
    }

    private static void key(Path file, String name, String... more) throws Exception {
        var command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/keytool", "-genkeypair"));
        command.addAll(List.of("-alias", name, "-keyalg", "EC", "-groupname", "secp256r1", "-validity", "2"));
        command.addAll(List.of("-keystore", file.toString(), "-storepass", PASSWORD));
        command.addAll(List.of(more));
        if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) throw new IllegalStateException(name);
    }

    private static String pem(String label, byte[] bytes) {
        var lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        return "-----BEGIN " + label + "-----\n" + lines + "\n-----END " + label + "-----\n";
    }

    private void trust(String secret, String name) {
        var authority = client.secrets().withName(secret).get().getData().get("ca.crt");
        var hooks = client.admissionRegistration().v1();
        hooks.mutatingWebhookConfigurations().withName(name).edit(configuration -> {
            configuration.getWebhooks().forEach(hook -> hook.getClientConfig().setCaBundle(authority));
            return configuration;
        });
        hooks.validatingWebhookConfigurations().withName(name).edit(configuration -> {
            configuration.getWebhooks().forEach(hook -> hook.getClientConfig().setCaBundle(authority));
            return configuration;
        });
    }

    private void clean() {
        var widgets = client.resources(Widget.class).inNamespace(client.getNamespace());
        widgets.delete();
        widgets.informOnCondition(List::isEmpty).orTimeout(30, TimeUnit.SECONDS).join();
    }

    private void check(String widget, String color) {
        var kept = client.resources(Widget.class)
                .inNamespace(client.getNamespace())
                .withName(widget)
                .waitUntilCondition(
                        each -> each != null
                                && each.getStatus() != null
                                && each.getStatus().conditions() != null,
                        20,
                        TimeUnit.SECONDS);
        if (!kept.getSpec().color().equals(color)) throw new IllegalStateException("it is " + kept.getSpec());
        System.out.println("kept: " + kept.getStatus().conditions().getFirst().getMessage());
    }
}
