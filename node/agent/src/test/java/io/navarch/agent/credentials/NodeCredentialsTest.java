package io.navarch.agent.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.navarch.model.Pod;
import io.navarch.model.ServiceAccount;
import io.navarch.objects.ObjectKey;
import io.navarch.objects.View;
import io.navarch.objects.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Real programs, and what is made of what they say.
@Timeout(60)
class NodeCredentialsTest {
    @TempDir
    Path directory;

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private Path asked;

    @BeforeEach
    void prepare() {
        asked = directory.resolve("asked");
    }

    /// How many tokens have been asked for.
    private int tokens;

    private final Accounts accounts = new Accounts() {
        @Override
        public ServiceAccount find(ObjectKey key) {
            if (!key.name().equals("robot")) return ServiceAccount.ABSENT;
            return ServiceAccount.of(View.of(Yaml.parse(
                    "{metadata: {name: robot, namespace: ns, uid: ru, annotations: {who: me, what: this}}}")));
        }

        @Override
        public Token token(Pod pod, ServiceAccount account, String audience) {
            var number = tokens++ == 0 ? "" : "-" + tokens;
            return new Token("token-of-" + pod.name() + "-for-" + audience + number, now.plus(Duration.ofHours(1)));
        }
    };

    private static Pod pod(String name, String account) {
        return Pod.of(View.of(Yaml.parse("{metadata: {name: " + name + ", namespace: ns, uid: " + name
                + "}, spec: {serviceAccountName: '" + account + "'}}")));
    }

    private void program(String body) throws IOException {
        var file = directory.resolve("helper");
        Files.writeString(file, "#!/bin/sh\ncat >> " + asked + "; echo >> " + asked + "\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
    }

    private static String answer(String rest) {
        return "echo '{\"kind\":\"CredentialProviderResponse\",\"apiVersion\":\"credentialprovider.kubelet.k8s.io/v1\","
                + rest + "}'";
    }

    private static String login(String scope, String more) {
        return answer("\"cacheKeyType\":\"" + scope + "\"," + more
                + "\"auth\":{\"*.example.com\":{\"username\":\"u\",\"password\":\"p\"}}");
    }

    private static final String PROVIDER = "name: helper, apiVersion: credentialprovider.kubelet.k8s.io/v1,"
            + " matchImages: ['*.example.com'], defaultCacheDuration: 10m";

    private Path config(String provider) throws IOException {
        return Files.writeString(
                directory.resolve("config.yaml"),
                "{kind: CredentialProviderConfig, apiVersion: kubelet.config.k8s.io/v1, providers: [{" + provider
                        + "}]}");
    }

    private List<String> logins(String provider, Pod pod, String... images) throws IOException {
        var node =
                NodeCredentials.of(NodeCredentials.read(config(provider), directory), directory, accounts, () -> now);
        return List.of(images).stream()
                .flatMap(image -> node.of(pod, image).stream())
                .map(each -> each.login().user() + ":" + each.login().password() + (each.ofAccount() ? " own" : ""))
                .toList();
    }

    private List<String> questions() throws IOException {
        return Files.exists(asked) ? Files.readAllLines(asked) : List.of();
    }

    @Test
    void itIsAskedForImagesThatItKnows() throws IOException {
        program(login("Registry", ""));
        assertThat(logins(PROVIDER, pod("a", ""), "one.example.com/x:1", "other.org/x", "busybox"))
                .containsExactly("u:p");
        assertThat(questions())
                .containsExactly(
                        "{\"kind\":\"CredentialProviderRequest\",\"apiVersion\":\"credentialprovider.kubelet.k8s.io/v1\","
                                + "\"image\":\"one.example.com/x\"}");
    }

    @ParameterizedTest
    @CsvSource({"Image, 3", "Registry, 2", "Global, 1"})
    void whatItSaysCountsForAsMuchAsItSays(String scope, int times) throws IOException {
        program(login(scope, ""));
        assertThat(logins(
                        PROVIDER,
                        pod("a", ""),
                        "one.example.com/x:1",
                        "one.example.com/x:2",
                        "one.example.com/y",
                        "two.example.com/y"))
                .containsOnly("u:p")
                .hasSize(4);
        assertThat(questions()).hasSize(times);
    }

    @Test
    void itCountsForAsLongAsItSays() throws IOException {
        program(login("Global", "\"cacheDuration\":\"5m\","));
        var node =
                NodeCredentials.of(NodeCredentials.read(config(PROVIDER), directory), directory, accounts, () -> now);
        for (int i = 0; i < 2; i++) node.of(pod("a", ""), "one.example.com/x");
        now = now.plus(Duration.ofMinutes(6));
        node.of(pod("a", ""), "one.example.com/x");
        assertThat(questions()).hasSize(2);
        program(login("Global", "\"cacheDuration\":\"0s\","));
        now = now.plus(Duration.ofMinutes(6));
        for (int i = 0; i < 2; i++) node.of(pod("a", ""), "one.example.com/x");
        assertThat(questions()).hasSize(4);
    }

    private static final String TOKENS =
            ", tokenAttributes: {serviceAccountTokenAudience: reg, cacheType: ServiceAccount,"
                    + " requireServiceAccount: true, requiredServiceAccountAnnotationKeys: [who],"
                    + " optionalServiceAccountAnnotationKeys: [what, where]}";

    @Test
    void itIsGivenTokensOfAccountsThatSayThatTheyWantIt() throws IOException {
        program(login("Image", ""));
        var image = "one.example.com/x";
        assertThat(logins(PROVIDER + TOKENS, pod("a", "robot"), image, image)).containsExactly("u:p own", "u:p own");
        assertThat(questions()).hasSize(1);
        assertThat(questions().getFirst())
                .contains("\"serviceAccountToken\":\"token-of-a-for-reg\"")
                .contains("\"serviceAccountAnnotations\":{\"what\":\"this\",\"who\":\"me\"}");
        assertThat(logins(PROVIDER + TOKENS, pod("a", ""), image)).isEmpty();
        assertThat(logins(PROVIDER + TOKENS, pod("a", "nobody"), image)).isEmpty();
        assertThat(logins(PROVIDER + TOKENS.replace("[who]", "[missing]"), pod("a", "robot"), image))
                .isEmpty();
        assertThat(questions()).hasSize(1);
        // Without a token it asks all the same where that is enough.
        var optional = TOKENS.replace(
                "requireServiceAccount: true, requiredServiceAccountAnnotationKeys: [who],",
                "requireServiceAccount: false,");
        assertThat(logins(PROVIDER + optional, pod("a", ""), image)).containsExactly("u:p");
    }

    @Test
    void aTokenIsNoPasswordUnlessItCountsAlone() throws IOException {
        program(answer("\"cacheKeyType\":\"Image\",\"auth\":{\"*.example.com\":{\"username\":\"t\","
                + "\"password\":\"token-of-a-for-reg\"}}"));
        var image = "one.example.com/x";
        assertThat(logins(PROVIDER + TOKENS, pod("a", "robot"), image)).isEmpty();
        assertThat(logins(
                        PROVIDER + TOKENS.replace("cacheType: ServiceAccount", "cacheType: Token"),
                        pod("a", "robot"),
                        image))
                .containsExactly("t:token-of-a-for-reg own");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            exit 7
            echo nonsense
            echo '{}'
            head -c 3000000 /dev/zero
            echo '{"kind":"CredentialProviderResponse","apiVersion":"credentialprovider.kubelet.k8s.io/v1","cacheKeyType":"World"}'
            echo '{"kind":"CredentialProviderResponse","apiVersion":"credentialprovider.kubelet.k8s.io/v1","cacheKeyType":"Image","more":1}'
            """)
    void whoDoesNotAnswerAsItShouldKnowsNothing(String body) throws IOException {
        program(body);
        assertThat(logins(PROVIDER, pod("a", ""), "one.example.com/x")).isEmpty();
    }

    @Test
    void tokensAndWhatCountsForThemAreKept() throws IOException {
        program(login("Image", "\"cacheDuration\":\"10h\","));
        var provider = PROVIDER + TOKENS.replace("cacheType: ServiceAccount", "cacheType: Token");
        var node =
                NodeCredentials.of(NodeCredentials.read(config(provider), directory), directory, accounts, () -> now);
        for (int i = 0; i < 3; i++) node.of(pod("a", "robot"), "one.example.com/x");
        assertThat(questions()).hasSize(1);
        node.of(pod("b", "robot"), "one.example.com/x");
        assertThat(questions()).hasSize(2);
        assertThat(tokens).isEqualTo(2);
        now = now.plus(Duration.ofMinutes(47));
        node.of(pod("a", "robot"), "one.example.com/x");
        assertThat(tokens).isEqualTo(2);
        now = now.plus(Duration.ofMinutes(2));
        node.of(pod("a", "robot"), "one.example.com/x");
        assertThat(tokens).isEqualTo(3);
        assertThat(questions()).hasSize(3);
    }

    private ExecutedProvider executed(Duration limit) throws IOException {
        var config = NodeCredentials.read(config(PROVIDER + ", env: [{name: NAVARCH_GIVEN, value: x}]"), directory)
                .getFirst();
        return new ExecutedProvider(directory.resolve("helper"), config, limit);
    }

    private static final ProviderProgram.Request QUESTION =
            new ProviderProgram.Request("one.example.com/x", "", Map.of());

    /// Begins a process whose parent does not wait for it, and writes its number down.
    private String leaveBehind() {
        return "(sleep 1000 & echo $! > " + directory.resolve("child") + ")\n";
    }

    /// Waits until what was left behind is no more, or only waits for being looked at.
    private void gone() throws IOException {
        var status =
                Path.of("/proc/" + Files.readString(directory.resolve("child")).strip() + "/stat");
        var until = Instant.now().plusSeconds(30);
        while (Files.exists(status)) {
            try {
                if (Files.readString(status).contains(") Z ")) return;
            } catch (IOException e) {
                return;
            }
            assertThat(Instant.now()).as("it runs").isBefore(until);
            Thread.onSpinWait();
        }
    }

    @Test
    void whoTakesTooLongIsEndedWithAllThatItHasBegun() throws IOException {
        program(leaveBehind() + "sleep 1000");
        var program = executed(Duration.ofSeconds(2));
        assertThatThrownBy(() -> program.ask(QUESTION))
                .hasMessage("error execing credential provider plugin helper for image one.example.com/x: context"
                        + " deadline exceeded: ");
        gone();
    }

    @Test
    void nobodyWaitsForWhatIsLeftBehind() throws IOException {
        program(leaveBehind() + login("Image", ""));
        var program = executed(Duration.ofMinutes(1));
        var answer = assertTimeoutPreemptively(Duration.ofSeconds(30), () -> program.ask(QUESTION));
        assertThat(answer.logins()).hasSize(1);
        gone();
        program(leaveBehind() + "echo broken >&2; exit 3");
        assertTimeoutPreemptively(
                Duration.ofSeconds(30),
                () -> assertThatThrownBy(() -> program.ask(QUESTION)).hasMessageEndingWith(": exit status 3: broken"));
        gone();
    }

    @Test
    void onlyTheLastLineOfWhatItSaysIsShown() throws IOException {
        program("printf 'Bearer secret\\nno \\033[31mway\\n\\n' >&2; exit 7");
        var program = executed(Duration.ofMinutes(1));
        assertThatThrownBy(() -> program.ask(QUESTION)).hasMessageEndingWith(": exit status 7: no \\u001b[31mway");
        program("head -c 100000 /dev/zero | tr '\\0' x >&2; exit 7");
        assertThatThrownBy(() -> program.ask(QUESTION)).hasMessageEndingWith(": " + "x".repeat(512) + "...");
        program(answer("\"cacheKeyType\":\"a\\u001b\\u2028b\""));
        assertThatThrownBy(() -> program.ask(QUESTION)).hasMessageEndingWith("cacheKeyType: a\\u001b\\u2028b");
    }

    @Test
    void itDoesNotSeeOptionsOfThisProcess() throws IOException {
        program("");
        var environment = new HashMap<>(Map.of("PATH", "/bin", "NAVARCH_TOKEN", "secret"));
        executed(Duration.ofMinutes(1)).surround(environment);
        assertThat(environment).isEqualTo(Map.of("PATH", "/bin", "NAVARCH_GIVEN", "x"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            name: helper | failed to validate credential provider config: [providers.apiVersion: Required value, providers.matchImages: Required value: at least 1 item in matchImages is required, providers.defaultCacheDuration: Required value]
            name: a/b | providers.name: Invalid value: "a/b": provider name cannot contain '/'
            nam: helper | strict decoding error: unknown field "providers[0].nam"
            name: other, apiVersion: credentialprovider.kubelet.k8s.io/v1, matchImages: [x.io], defaultCacheDuration: 1m | other did not exist
            name: helper, apiVersion: v9, matchImages: [x.io], defaultCacheDuration: 1m | providers.apiVersion: Unsupported value: "v9"
            name: helper, apiVersion: credentialprovider.kubelet.k8s.io/v1, matchImages: [x.io], defaultCacheDuration: -1m | must be greater than or equal to 0
            name: helper, apiVersion: credentialprovider.kubelet.k8s.io/v1, matchImages: [x.io], defaultCacheDuration: 1m, tokenAttributes: {} | providers.tokenAttributes.serviceAccountTokenAudience: Required value
            """)
    void whatIsWrongWithTheConfigurationIsSaid(String provider, String why) throws IOException {
        program("");
        var config = config(provider);
        assertThatThrownBy(() -> NodeCredentials.read(config, directory)).hasMessageContaining(why);
    }

    @Test
    void aDirectoryOfConfigurationsIsRead() throws IOException {
        program("");
        var configs = Files.createDirectory(directory.resolve("configs"));
        assertThatThrownBy(() -> NodeCredentials.read(configs, directory))
                .hasMessage("no configuration files found in directory \"" + configs + "\"");
        var text = Files.readString(config(PROVIDER));
        Files.writeString(configs.resolve("1.yaml"), text);
        assertThat(NodeCredentials.read(configs, directory)).hasSize(1);
        Files.writeString(configs.resolve("2.yml"), text);
        assertThatThrownBy(() -> NodeCredentials.read(configs, directory))
                .hasMessage("duplicate provider name \"helper\" found in configuration file(s)");
        assertThatThrownBy(() -> NodeCredentials.read(configs, directory.resolve("nowhere")))
                .hasMessage("plugin binary directory " + directory.resolve("nowhere") + " did not exist");
    }
}
