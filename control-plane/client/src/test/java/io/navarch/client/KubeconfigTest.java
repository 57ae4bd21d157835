package io.navarch.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.http.Tls;
import io.navarch.process.ConfigurationException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KubeconfigTest {
    @TempDir
    Path directory;

    private Kubeconfig read(String text) throws IOException {
        return Kubeconfig.read(Files.writeString(directory.resolve("config"), text));
    }

    private Kubeconfig read(String cluster, String user) throws IOException {
        return read("{current-context: x, contexts: [{name: x, context: {cluster: c, user: u}}], clusters: [{name: c,"
                + " cluster: {server: 'https://a:1'" + cluster + "}}], users: [{name: u, user: {" + user + "}}]}");
    }

    @Test
    void theCurrentContextCounts() throws IOException {
        var read = read("""
                current-context: b
                contexts:
                - {name: a, context: {cluster: a, user: a}}
                - {name: b, context: {cluster: b, user: b}}
                clusters:
                - {name: a, cluster: {server: https://a}}
                - {name: b, cluster: {server: https://b}}
                users:
                - {name: a, user: {token: ta}}
                - {name: b, user: {token: tb}}
                """);
        assertThat(read)
                .isEqualTo(new Kubeconfig(URI.create("https://b"), new Tls.Trust.Machine(), Optional.empty(), "tb"));
        assertThat(read.port()).isEqualTo(443);
    }

    @Test
    void nobodyIsTrustedUnlessTheFileSaysSo() throws IOException {
        assertThat(read("", "").trust()).isEqualTo(new Tls.Trust.Machine());
        assertThat(read(", insecure-skip-tls-verify: false", "").trust()).isEqualTo(new Tls.Trust.Machine());
        assertThat(read(", insecure-skip-tls-verify: true", "").trust()).isEqualTo(new Tls.Trust.Anyone());
        assertThatThrownBy(() -> read(", insecure-skip-tls-verify: true, certificate-authority-data: YQ==", ""))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("with the insecure flag is not allowed");
    }

    @Test
    void filesAreSeenFromWhereTheKubeconfigIs() throws IOException {
        Files.createDirectory(directory.resolve("more"));
        Files.writeString(directory.resolve("more/ca.crt"), "authority");
        Files.writeString(directory.resolve("me.crt"), "certificate");
        var key = Files.writeString(directory.resolve("me.key"), "key");
        Files.writeString(directory.resolve("token"), "secret\n");
        var read = read(
                ", certificate-authority: more/ca.crt",
                "client-certificate: me.crt, client-key: " + key + ", tokenFile: ./token, token: other");
        assertThat(read)
                .isEqualTo(new Kubeconfig(
                        URI.create("https://a:1"),
                        new Tls.Trust.Authorities("authority"),
                        Optional.of(new Tls.Identity("certificate", "key")),
                        "secret"));
        assertThat(read.authority()).contains("authority");
    }

    @Test
    void whatStandsInTheFileCountsMoreThanAnotherFile() throws IOException {
        assertThat(read(", certificate-authority: /no/such, certificate-authority-data: YQ==", "")
                        .authority())
                .contains("a");
        assertThatThrownBy(() -> read(", certificate-authority: /no/such", "")).isInstanceOf(NoSuchFileException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | it has no current-context",
                "[] | it has no current-context",
                "{current-context: x} | context \"x\" does not exist",
                "{current-context: x, contexts: [{name: x, context: {cluster: c}}]} | cluster \"c\" does not exist",
                "{current-context: x, contexts: [{name: x, context: {cluster: c}}], clusters: [{name: c, cluster: {server: 'ftp://a'}}]} | the server is no URL of a host: \"ftp://a\"",
                "{current-context: x, contexts: [{name: x, context: {cluster: c}}], clusters: [{name: c, cluster: {server: 'https:///a'}}]} | the server is no URL of a host: \"https:///a\"",
                "{current-context: x, contexts: [{name: x, context: {cluster: c}}], clusters: [{name: c, cluster: {server: 'https://b@a'}}]} | the server is no URL of a host: \"https://b@a\"",
                "{current-context: x, contexts: [{name: x, context: {cluster: c, user: u}}], clusters: [{name: c, cluster: {server: 'https://a'}}]} | user \"u\" does not exist",
                "{a: [} | yaml",
            })
    void saysWhatIsWrong(String text, String message) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith(directory.resolve("config").toString())
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource({
        ", 'exec: {command: x}', exec is not supported",
        ", 'auth-provider: {name: x}', auth-provider is not supported",
        ", 'username: a, password: b', username is not supported",
        ", as: root, as is not supported",
        "', tls-server-name: b', '', tls-server-name is not supported",
        "', proxy-url: http://b', '', proxy-url is not supported",
        "', certificate-authority-data: a*b', '', certificate-authority-data is not base64",
        ", client-certificate-data: YQ==, client-certificate and client-key are of use together only",
        ", client-key-data: YQ==, client-certificate and client-key are of use together only",
    })
    void whatIsNotUnderstoodIsRefused(String cluster, String user, String message) {
        assertThatThrownBy(() -> read(cluster == null ? "" : cluster, user))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(message);
    }

    @Test
    void filesAreBounded() {
        assertThatThrownBy(() -> read(", certificate-authority: /dev/zero", ""))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("larger than");
    }

    @Test
    void certificatesThatAreNoneAreNamed() throws IOException {
        var read = read(", certificate-authority-data: YQ==", "");
        assertThatThrownBy(read::target)
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("does not contain valid certificates");
    }
}
