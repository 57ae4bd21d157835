package io.navarch.specs;

import static io.navarch.specs.Calls.MERGE;
import static org.assertj.core.api.Assertions.assertThat;

import io.navarch.model.Resources;
import io.navarch.objects.ApiException;
import io.navarch.objects.Json;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// What nobody gets who asks for credentials: those of others, and those that outlive what they are for.
class CredentialAttacksTest {
    private static final String CSRS = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
    private static final String ACCOUNTS = "/api/v1/namespaces/default/serviceaccounts";

    /// Of `O=system:masters/CN=eve`, made by OpenSSL.
    private static final String MASTERS = """
            -----BEGIN CERTIFICATE REQUEST-----
            MIHiMIGJAgEAMCcxFzAVBgNVBAoMDnN5c3RlbTptYXN0ZXJzMQwwCgYDVQQDDANl
            dmUwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARsjQL8f2mgkbXVKrrDA87TULpy
            VSNP1jjW65b8uBFpOXos3WhrhFT0V+Ip88GhzSOHGRKVfvs0WRdrUC8I8HRkoAAw
            CgYIKoZIzj0EAwIDSAAwRQIgVtdYNGXolXAoXesVE0xp4PBkxp5aZj/JZxrd0zip
            YqUCIQDH/oMt7d62ASLHMy7vlzImC93oR2qIrAtWFW2A/Qk5uA==
            -----END CERTIFICATE REQUEST-----
            """;

    @RegisterExtension
    static final PlaneUnderTest plane =
            new PlaneUnderTest(() -> new String[] {"--service-account-max-token-expiration", "2h"});

    private final Calls calls = new Calls(plane);

    private Calls.Answer request(String pem, String more) {
        var encoded = Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII));
        return calls.tryPost(
                CSRS,
                "{metadata: {generateName: csr-}, spec: {signerName: kubernetes.io/kube-apiserver-client, request: "
                        + encoded + ", usages: [client auth]" + more + "}}");
    }

    @Test
    void nobodyAsksForTheMastersGroup() {
        for (var text : new String[] {MASTERS, MASTERS + "=AAAA\n", "some text\n" + MASTERS}) {
            var refused = request(text, "").expect(403);
            assertThat(refused.get("message").string())
                    .endsWith(
                            "use of kubernetes.io/kube-apiserver-client signer with system:masters group is not allowed");
        }
    }

    @Test
    void aRequestIsOneOrNone() {
        assertThat(request("rubbish", "").expect(422).get("message").string())
                .contains("PEM block type must be CERTIFICATE REQUEST");
        var forged = new StringBuilder(MASTERS);
        int at = MASTERS.indexOf('\n', 200) + 10;
        forged.setCharAt(at, forged.charAt(at) == 'A' ? 'B' : 'A');
        assertThat(request(forged.toString(), "").code()).isEqualTo(422);
        assertThat(request(MASTERS, ", expirationSeconds: 599")
                        .expect(422)
                        .get("message")
                        .string())
                .contains("may not specify a duration less than 600 seconds (10 minutes)");
    }

    /// Who asks is what the server knows of the caller, whatever is sent then and later.
    @Test
    void aRequestIsOfWhoeverMakesIt() {
        var forged = "username: root, uid: u-0, groups: [system:nodes], extra: {other: [x]}";
        var encoded = Base64.getEncoder().encodeToString(MASTERS.getBytes(StandardCharsets.US_ASCII));
        var sent = "{metadata: {name: %s}, spec: {signerName: example.com/own, usages: [client auth], request: "
                + encoded + ", " + forged + "}}";
        calls.send(
                        "POST",
                        CSRS,
                        "application/json",
                        Json.writeString(Yaml.parse(sent.formatted("of-robot"))),
                        "Impersonate-User",
                        "robot",
                        "Impersonate-Uid",
                        "u-7",
                        "Impersonate-Group",
                        "system:masters",
                        "Impersonate-Extra-Scopes",
                        "read",
                        "Impersonate-Extra-Scopes",
                        "write")
                .expect(201);
        calls.tryPatch(CSRS + "/of-robot", Calls.MERGE, "{spec: {" + forged + "}}");
        var spec = calls.get(CSRS + "/of-robot").spec();
        assertThat(spec.get("username").string()).isEqualTo("robot");
        assertThat(spec.get("uid").string()).isEqualTo("u-7");
        assertThat(spec.get("groups").strings()).containsExactly("system:masters", "system:authenticated");
        assertThat(spec.get("extra").map()).containsOnlyKeys("scopes");
        assertThat(spec.get("extra", "scopes").strings()).containsExactly("read", "write");
        // Of whom nothing more is known than the name, nothing more is said.
        calls.post(CSRS, sent.formatted("of-administrator"));
        assertThat(calls.get(CSRS + "/of-administrator").spec().map())
                .containsEntry("username", "kubernetes-admin")
                .doesNotContainKeys("uid", "extra");
    }

    /// A request for a signer that nobody here is, and the path of it.
    private String pending() {
        var encoded = Base64.getEncoder().encodeToString(MASTERS.getBytes(StandardCharsets.US_ASCII));
        var made = calls.post(
                CSRS,
                "{metadata: {generateName: csr-}, spec: {signerName: example.com/s, request: " + encoded
                        + ", usages: [client auth]}}");
        return CSRS + "/" + made.name();
    }

    private static String decisions(String... types) {
        return Stream.of(types)
                .map(type -> "{type: " + type + ", status: 'True', reason: R}")
                .collect(Collectors.joining(", ", "{status: {conditions: [", "]}}"));
    }

    @Test
    void aDecisionIsOneAndStays() {
        var csr = pending();
        assertThat(calls.tryPatch(csr + "/approval", MERGE, decisions("Approved", "Denied"))
                        .expect(422)
                        .get("message")
                        .string())
                .contains("mutually exclusive");
        for (var way : new String[] {"", "/status"}) {
            calls.tryPatch(csr + way, MERGE, decisions("Approved"));
            assertThat(calls.get(csr).condition("Approved")).as(way).isEmpty();
        }
        calls.patch(csr + "/approval", MERGE, decisions("Denied"));
        assertThat(calls.tryPatch(csr + "/approval", MERGE, decisions("Denied", "Approved"))
                        .code())
                .isEqualTo(422);
        for (var way : new String[] {"", "/approval", "/status"}) {
            for (var other : new String[] {"{status: {conditions: []}}", "{status: null}", decisions("Approved")})
                calls.tryPatch(csr + way, MERGE, other);
            assertThat(calls.get(csr).condition("Denied")).as(way).isEqualTo("True");
            assertThat(calls.get(csr).condition("Approved")).as(way).isEmpty();
        }
        calls.tryPatch(csr + "/approval", MERGE, "{status: {certificate: TUlJQg==}}");
        calls.tryPatch(csr + "/status", MERGE, "{status: {certificate: TUlJQg==}}");
        assertThat(calls.get(csr).status().get("certificate").string()).isEmpty();
    }

    /// Who may write decisions and certificates of requests, still needs the right to speak for their signer.
    @Test
    void nobodySpeaksForASignerUnasked() {
        var csr = pending();
        calls.post(
                "/apis/rbac.authorization.k8s.io/v1/clusterroles",
                "{metadata: {name: clerk}, rules: [{verbs: [get, patch, update], apiGroups: [certificates.k8s.io], resources: [certificatesigningrequests, certificatesigningrequests/approval, certificatesigningrequests/status]}]}");
        calls.post(
                "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
                "{metadata: {name: clerk}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: clerk}, subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: clerk}]}");
        String[] clerk = {"Impersonate-User", "clerk"};
        PlaneUnderTest.eventually(
                () -> calls.send("GET", csr, "", null, clerk).body(),
                seen -> seen.name().startsWith("csr-"));
        for (var way : new String[] {"approval", "status"}) {
            var condition = way.equals("approval") ? decisions("Approved") : decisions("Failed");
            var refused = calls.send("PATCH", csr + "/" + way, MERGE, Json.writeString(Yaml.parse(condition)), clerk);
            assertThat(refused.expect(403).get("message").string())
                    .endsWith("user not permitted to " + (way.equals("approval") ? "approve" : "sign")
                            + " requests with signerName \"example.com/s\"");
        }
    }

    private Calls.Answer token(String account, String spec) {
        return calls.tryPost(
                ACCOUNTS + "/" + account + "/token",
                "{apiVersion: authentication.k8s.io/v1, kind: TokenRequest, spec: {" + spec + "}}");
    }

    private void pod(String name, String account, String node) {
        calls.post(
                "/api/v1/namespaces/default/pods",
                "{metadata: {name: " + name + "}, spec: {serviceAccountName: " + account + ", nodeName: " + node
                        + ", containers: [{name: c, image: i}]}}");
    }

    private boolean valid(String token) {
        return calls.post(
                        "/apis/authentication.k8s.io/v1/tokenreviews",
                        "{apiVersion: authentication.k8s.io/v1, kind: TokenReview, spec: {token: " + token + "}}")
                .status()
                .get("authenticated")
                .bool();
    }

    @Test
    void aTokenOfAPodIsItsOwnAccounts() {
        calls.post(ACCOUNTS, "{metadata: {name: weak}}");
        calls.post(ACCOUNTS, "{metadata: {name: strong}}");
        calls.post("/api/v1/nodes", "{metadata: {name: n1}}");
        pod("mine", "weak", "n1");
        var bound = "boundObjectRef: {apiVersion: v1, kind: Pod, name: mine%s}";
        assertThat(token("strong", bound.formatted(""))
                        .expect(400)
                        .get("message")
                        .string())
                .isEqualTo(
                        "cannot bind token for serviceaccount \"strong\" to pod running with different serviceaccount name.");
        token("weak", bound.formatted(", uid: other")).expect(409);
        assertThat(token("weak", bound.formatted("").replace("Pod", "ConfigMap"))
                        .expect(400)
                        .get("message")
                        .string())
                .isEqualTo("cannot bind token to object of type /v1, Kind=ConfigMap");
        token("weak", bound.formatted("").replace("mine", "nobody")).expect(404);
        var issued = token("weak", bound.formatted("")).expect(201);
        assertThat(valid(issued.get("status", "token").string())).isTrue();
        asNode(bound.formatted(""), "node requested token with a pod binding without a uid");
        asNode("", "node requested token not bound to a pod");
        asNode(bound.formatted(", uid: other"), "does not match the UID in record");
        calls.send("DELETE", "/api/v1/namespaces/default/pods/mine?gracePeriodSeconds=0", "", null);
        assertThat(valid(issued.get("status", "token").string())).isFalse();
    }

    private static void asNode(String spec, String why) {
        var node = plane.as("system:node:n1", "system:nodes", "system:authenticated");
        try {
            node.post(
                    Resources.SERVICE_ACCOUNTS,
                    new ObjectKey("default", "weak"),
                    "token",
                    PlaneUnderTest.yaml(
                            "{apiVersion: authentication.k8s.io/v1, kind: TokenRequest, spec: {" + spec + "}}"));
            throw new AssertionError("a node has got a token: " + why);
        } catch (ApiException e) {
            assertThat(e.message()).contains(why);
        }
    }

    /// An account may say that its pods get the Secrets that it names, and no others.
    @Test
    void aPodNamesOnlyTheSecretsOfItsAccount() {
        calls.post(
                ACCOUNTS,
                "{metadata: {name: narrow, annotations: {kubernetes.io/enforce-mountable-secrets: 'true'}}, secrets: [{name: mine}], imagePullSecrets: [{name: pull}]}");
        var pods = "/api/v1/namespaces/default/pods";
        var pod = "{metadata: {name: narrow}, spec: {serviceAccountName: narrow, schedulerName: nobody, %s}}";
        var container = "{name: c, image: i%s}";
        var byVariable = ", env: [{name: V, valueFrom: {secretKeyRef: {name: %s, key: k}}}]";
        var whole = ", envFrom: [{secretRef: {name: %s}}]";
        var plain = "containers: [" + container.formatted("") + "]";
        for (var refused : new String[] {
            plain + ", volumes: [{name: v, secret: {secretName: other}}]",
            "containers: [" + container.formatted(byVariable.formatted("other")) + "]",
            "containers: [" + container.formatted(whole.formatted("other")) + "]",
            plain + ", initContainers: [{name: first, image: i" + whole.formatted("other") + "}]",
            plain + ", imagePullSecrets: [{name: mine}]"
        })
            assertThat(calls.tryPost(pods, pod.formatted(refused))
                            .expect(403)
                            .get("message")
                            .string())
                    .as(refused)
                    .contains("is not allowed because service account narrow does not reference that");
        calls.post(
                pods,
                pod.formatted("containers: [" + container.formatted(byVariable.formatted("mine"))
                        + "], volumes: [{name: v, secret: {secretName: mine}}]"));
        var added = calls.tryPatch(
                pods + "/narrow/ephemeralcontainers",
                Calls.STRATEGIC,
                "{spec: {ephemeralContainers: [{name: e, image: i" + whole.formatted("other") + "}]}}");
        assertThat(added.code()).isEqualTo(403);
    }

    @Test
    void aTokenOfANodeEndsWithIt() {
        calls.post("/api/v1/nodes", "{metadata: {name: short-lived}}");
        var issued = token("default", "boundObjectRef: {apiVersion: v1, kind: Node, name: short-lived}")
                .expect(201)
                .get("status", "token")
                .string();
        assertThat(valid(issued)).isTrue();
        calls.delete("/api/v1/nodes/short-lived").expect(200);
        assertThat(valid(issued)).isFalse();
    }

    @Test
    void aTokenLivesNoLongerThanItMay() {
        for (var tooMuch : new String[] {"9223372036854775807", "4294967297"})
            assertThat(token("default", "expirationSeconds: " + tooMuch)
                            .expect(422)
                            .get("message")
                            .string())
                    .contains("may not specify a duration larger than 2^32 seconds");
        token("default", "expirationSeconds: 599").expect(422);
        token("default", "expirationSeconds: -1").expect(422);
        var shortened = token("default", "expirationSeconds: 86400");
        View body = shortened.expect(201);
        assertThat(body.spec().get("expirationSeconds").longOr(0)).isEqualTo(7200);
        assertThat(shortened.warnings()).contains("requested expiration of 86400 seconds shortened to 7200 seconds");
    }
}
