package io.navarch.specs;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import io.navarch.objects.Json;
import io.navarch.objects.View;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Tokens of an issuer of OpenID Connect, good and forged.
class OidcSpecsTest {
    @TempDir
    static Path directory;

    private static final String RULES = """
              claimValidationRules:
              - claim: tenant
                requiredValue: t1
              - expression: '!has(claims.locked) || claims.locked == false'
                message: the account is locked
              claimMappings:
                username: {claim: sub, prefix: 'oidc:'}
                groups: {expression: 'has(claims.roles) ? claims.roles.map(r, "role-" + r) : []'}
                uid: {claim: id}
                extra:
                - {key: example.com/tenant, valueExpression: claims.tenant}
              userValidationRules:
              - expression: "user.groups.all(g, !g.startsWith('role-system:'))"
                message: groups of the system are not for strangers
            """;

    private static final RSAKey KEY = rsa("one");
    private static final ECKey CURVE = curve();
    private static IssuerUnderTest issuer;
    private static Path configuration;

    @RegisterExtension
    static final PlaneUnderTest plane = new PlaneUnderTest(() -> {
        issuer = new IssuerUnderTest(directory.resolve("issuer"));
        issuer.keys = List.of(KEY.toPublicJWK(), CURVE.toPublicJWK());
        configuration = directory.resolve("authentication.yaml");
        write(RULES);
        var tokens = Files.writeString(
                directory.resolve("tokens.csv"), "secret-of-ann,ann,7,\"writers,readers\"\nother,bob,8\n");
        var webhook = Files.writeString(directory.resolve("webhook.yaml"), issuer.kubeconfig());
        return new String[] {
            "--authentication-config",
            configuration.toString(),
            "--token-auth-file",
            tokens.toString(),
            "--authentication-token-webhook-config-file",
            webhook.toString()
        };
    });

    private static void write(String rules) throws IOException {
        Files.writeString(
                configuration, """
                apiVersion: apiserver.config.k8s.io/v1
                kind: AuthenticationConfiguration
                jwt:
                - issuer:
                    url: %s
                    audiences: [cluster]
                    certificateAuthority: |
                %s
                %s""".formatted(issuer.url(), issuer.authority().indent(6), rules));
    }

    @AfterAll
    static void stop() {
        issuer.close();
    }

    private static RSAKey rsa(String id) {
        try {
            return new RSAKeyGenerator(2048).keyID(id).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ECKey curve() {
        try {
            return new ECKeyGenerator(Curve.P_256).keyID("curve").generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Claims that are taken, but for some.
    ///
    /// @param changes `name=JSON` or `-name`, separated by blanks
    private static Map<String, Object> claims(String changes) {
        long now = Instant.now().getEpochSecond();
        var claims = new LinkedHashMap<String, Object>(Map.of(
                "iss", issuer.url(), "sub", "eve", "aud", "cluster", "exp", now + 600, "tenant", "t1", "id", "u1"));
        for (var change : changes.split(" ")) {
            if (change.startsWith("-")) claims.remove(change.substring(1));
            else if (change.contains("=")) {
                var value = Json.parse(change.substring(change.indexOf('=') + 1));
                boolean time = change.matches("(exp|nbf)=-?[0-9]+");
                claims.put(change.substring(0, change.indexOf('=')), time ? now + ((Number) value).longValue() : value);
            }
        }
        return claims;
    }

    private static String signed(JWSHeader header, JWSSigner signer, Map<String, Object> claims) {
        try {
            var token = new JWSObject(header, new Payload(Json.write(claims)));
            token.sign(signer);
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JWSHeader header(JWSAlgorithm algorithm, String id) {
        return new JWSHeader.Builder(algorithm).keyID(id).build();
    }

    private static String token(String changes) throws JOSEException {
        return signed(header(JWSAlgorithm.RS256, "one"), new RSASSASigner(KEY), claims(changes));
    }

    private static View whoIs(String token) {
        var body = "{\"apiVersion\":\"authentication.k8s.io/v1\",\"kind\":\"SelfSubjectReview\"}"
                .getBytes(StandardCharsets.UTF_8);
        var answer = plane.http(
                token,
                "POST",
                "/apis/authentication.k8s.io/v1/selfsubjectreviews",
                body,
                "Content-Type",
                "application/json");
        var tree = View.of(Json.parse(answer.body()));
        return answer.statusCode() == 201
                ? tree.get("status", "userInfo")
                : View.of(Map.of("code", answer.statusCode()));
    }

    private static void refused(String token) {
        assertThat(whoIs(token).get("code").longOr(0)).isEqualTo(401);
    }

    @Test
    void theUserIsMadeOfTheClaims() throws JOSEException {
        var user = whoIs(token("roles=[\"dev\",\"ops\"]"));
        assertThat(user.get("username").string()).isEqualTo("oidc:eve");
        assertThat(user.get("uid").string()).isEqualTo("u1");
        assertThat(user.get("groups").strings()).containsExactly("role-dev", "role-ops", "system:authenticated");
        assertThat(user.get("extra").get("example.com/tenant").strings()).containsExactly("t1");
        var curve = signed(header(JWSAlgorithm.ES256, "curve"), signer(), claims(""));
        assertThat(whoIs(curve).get("username").string()).isEqualTo("oidc:eve");
    }

    private static JWSSigner signer() throws JOSEException {
        return new ECDSASigner(CURVE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "exp=-1",
                "-exp",
                "exp=-600",
                "exp=9e30",
                "nbf=400",
                "-iss",
                "iss=\"https://127.0.0.1/\"",
                "iss=\"\"",
                "-aud",
                "aud=\"other\"",
                "aud=[\"other\",\"another\"]",
                "aud=\"\"",
                "-sub",
                "sub=5",
                "sub=[\"eve\"]",
                "-tenant",
                "tenant=\"t2\"",
                "tenant=1",
                "locked=true",
                "locked=\"yes\"",
                "-id",
                "id=5",
                "roles=\"system:masters\"",
                "roles=[\"system:masters\"]",
                "roles=[1]",
            })
    void claimsThatDoNotFitAreRefused(String changes) throws JOSEException {
        refused(token(changes));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"aud=[\"other\",\"cluster\"]", "nbf=200", "locked=false", "exp=5", "more={\"a\":[1]}"})
    void claimsThatFitAreTaken(String changes) throws JOSEException {
        assertThat(whoIs(token(changes)).get("username").string()).isEqualTo("oidc:eve");
    }

    @Test
    void forgedTokensAreRefused() throws JOSEException {
        var good = token("");
        var parts = good.split("\\.");
        var other = rsa("one");
        refused(signed(header(JWSAlgorithm.RS256, "one"), new RSASSASigner(other), claims("")));
        refused(signed(header(JWSAlgorithm.RS256, "unknown"), new RSASSASigner(KEY), claims("")));
        // The public key as a secret that both sides know.
        var shared = Arrays.copyOf(KEY.toPublicJWK().toJSONString().getBytes(StandardCharsets.UTF_8), 256);
        refused(signed(header(JWSAlgorithm.HS256, "one"), new MACSigner(shared), claims("")));
        // A key of another kind under the name that the token says.
        refused(signed(header(JWSAlgorithm.ES256, "one"), signer(), claims("")));
        refused(signed(header(JWSAlgorithm.RS256, "curve"), new RSASSASigner(KEY), claims("")));
        // A key that the token brings along.
        refused(signed(
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .jwk(other.toPublicJWK())
                        .keyID("one")
                        .build(),
                new RSASSASigner(other),
                claims("")));
        var none = base64("{\"alg\":\"none\"}");
        refused(none + "." + parts[1] + ".");
        refused(none + "." + parts[1] + "." + parts[2]);
        refused(base64("{\"alg\":\"None\",\"kid\":\"one\"}") + "." + parts[1] + "." + parts[2]);
        refused(parts[0] + "." + base64(Json.writeString(claims("sub=\"root\""))) + "." + parts[2]);
        refused(parts[0] + "." + parts[1] + ".");
        refused(parts[0] + "." + parts[1]);
        refused(good + "." + parts[2]);
        refused(good.substring(0, good.length() - 4));
        refused(good.toUpperCase(Locale.ROOT));
        refused("..");
        refused(".");
        refused("x".repeat(20_000));
        assertThat(whoIs(good).get("username").string()).isEqualTo("oidc:eve");
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void tokensOfTheFileAreWholeOrNothing() {
        var ann = whoIs("secret-of-ann");
        assertThat(ann.get("username").string()).isEqualTo("ann");
        assertThat(ann.get("uid").string()).isEqualTo("7");
        assertThat(ann.get("groups").strings()).containsExactly("writers", "readers", "system:authenticated");
        refused("secret-of-an");
        refused("secret-of-ann2");
    }

    @Test
    void aWebhookIsAskedOnceForAToken() {
        var zoe = whoIs("known-elsewhere");
        assertThat(zoe.get("username").string()).isEqualTo("zoe");
        assertThat(zoe.get("groups").strings()).containsExactly("guests", "system:authenticated");
        whoIs("known-elsewhere");
        refused("known-nowhere");
        assertThat(issuer.reviews.stream()
                        .filter(review -> review.get("spec", "token").string().equals("known-elsewhere")))
                .hasSize(1)
                .allMatch(review -> review.get("apiVersion").string().equals("authentication.k8s.io/v1"));
    }

    private static int anonymously(String path) throws Exception {
        try (var http = HttpClient.newBuilder()
                .sslContext(PlaneUnderTest.trusting(plane.authority()))
                .build()) {
            var request = HttpRequest.newBuilder(URI.create(plane.url() + path)).build();
            return http.send(request, BodyHandlers.discarding()).statusCode();
        }
    }

    @Test
    void nobodyIsSomebodyOnlyWhereTheConfigurationSaysSo() throws Exception {
        assertThat(anonymously("/readyz")).isEqualTo(200);
        assertThat(anonymously("/api/v1/secrets")).isEqualTo(403);
        write(RULES + "anonymous: {enabled: true, conditions: [{path: /livez}]}\n");
        PlaneUnderTest.eventually(
                () -> View.of(Map.of("code", anonymousCode("/readyz"))),
                answer -> answer.get("code").longOr(0) == 401);
        assertThat(anonymously("/livez")).isEqualTo(200);
        assertThat(anonymously("/livez/")).isEqualTo(401);
        assertThat(anonymously("/api/v1/secrets")).isEqualTo(401);
        write(RULES);
        PlaneUnderTest.eventually(
                () -> View.of(Map.of("code", anonymousCode("/readyz"))),
                answer -> answer.get("code").longOr(0) == 200);
    }

    private static int anonymousCode(String path) {
        try {
            return anonymously(path);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void theConfigurationIsReadAgainAndABrokenOneIsNot() throws Exception {
        var changing = RULES.replace("prefix: 'oidc:'", "prefix: 'again:'");
        var good = token("locked=false");
        write(changing);
        PlaneUnderTest.eventually(
                () -> whoIs(good), user -> user.get("username").string().equals("again:eve"));
        Files.writeString(configuration, "kind: Nonsense");
        PlaneUnderTest.eventually(
                () -> View.of(Map.of(
                        "text", new String(plane.http("GET", "/metrics", null).body(), StandardCharsets.UTF_8))),
                metrics -> metrics.get("text")
                        .string()
                        .contains(
                                "apiserver_authentication_config_controller_automatic_reloads_total{status=\"failure\"} 1"));
        assertThat(whoIs(good).get("username").string()).isEqualTo("again:eve");
        write(RULES);
        PlaneUnderTest.eventually(
                () -> whoIs(good), user -> user.get("username").string().equals("oidc:eve"));
    }
}
