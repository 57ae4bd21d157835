package io.navarch.pki;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever happens to a file, the cluster is who it was or nobody: never somebody new without a word.
class DamagedPkiTest {
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final int FLIPS = 40;

    @TempDir
    Path directory;

    private String authority;
    private ServiceAccountKeys tokens;

    @BeforeEach
    void make() throws IOException {
        var pki = open();
        authority = pki.authorityPem();
        tokens = pki.serviceAccountKeys();
        pki.administrator("system:masters");
    }

    private Pki open() throws IOException {
        return new Pki(directory, () -> NOW);
    }

    private Map<String, String> files() throws IOException {
        var contents = new HashMap<String, String>();
        try (var list = Files.list(directory)) {
            for (var file : list.toList())
                contents.put(file.getFileName().toString(), Arrays.toString(Files.readAllBytes(file)));
        }
        return contents;
    }

    /// Everything that a start does with the files.
    private Pki started() throws IOException {
        var pki = open();
        pki.serviceAccountKeys();
        pki.administrator("system:masters");
        return pki;
    }

    private void assertRefused(String file, String why) throws IOException {
        var before = files();
        assertThatThrownBy(this::started)
                .isInstanceOf(IOException.class)
                .hasMessageContaining(directory.toString())
                .hasMessageContaining(file + " is " + why)
                .hasMessageContaining("restore it from a backup");
        assertThat(files()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ca.crt", "ca.key", "sa.key"})
    void whatIsEmptyIsNamed(String file) throws IOException {
        Files.write(directory.resolve(file), new byte[0]);
        assertRefused(file, "damaged");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ca.crt", "ca.key", "sa.key"})
    void whatIsCutIsNamed(String file) throws IOException {
        var whole = Files.readAllBytes(directory.resolve(file));
        for (int length : List.of(1, 10, 40, whole.length / 2, whole.length - 30)) {
            Files.write(directory.resolve(file), Arrays.copyOf(whole, length));
            assertRefused(file, "damaged");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ca.crt", "ca.key", "sa.key"})
    void whatIsMissingIsNamed(String file) throws IOException {
        Files.delete(directory.resolve(file));
        assertRefused(file, "missing");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void tokenKeysThatGoMissingWhileTheyAreUsedAreNotMadeAnew(boolean both) throws IOException {
        var pki = open();
        pki.serviceAccountKeys();
        Files.delete(directory.resolve("sa.key"));
        if (both) Files.delete(directory.resolve("sa.pub"));
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(pki::serviceAccountKeys).hasMessageContaining("sa.key is missing");
            assertThat(directory.resolve("sa.key")).doesNotExist();
        }
    }

    @Test
    void lostTokenKeysAreReplacedOnlyWhenSomebodySaysSo() throws IOException {
        assertThat(open().replaceLostServiceAccountKey()).isFalse();
        Files.delete(directory.resolve("sa.key"));
        assertThatThrownBy(this::started).hasMessageContaining("navarch certs replace-lost");
        assertThatThrownBy(open()::exchangeServiceAccountKey).hasMessageContaining("sa.key is missing");
        assertThat(open().replaceLostServiceAccountKey()).isTrue();
        assertThat(started().serviceAccountKeys().own()).isNotEqualTo(tokens.own());
        assertThat(open().replaceLostServiceAccountKey()).isFalse();
    }

    @Test
    void aDirectoryOfAnEarlierVersionIsMadeSafe() throws IOException {
        Files.delete(directory.resolve("sa.pub"));
        assertThat(started().serviceAccountKeys().own()).isEqualTo(tokens.own());
        Files.delete(directory.resolve("sa.key"));
        assertRefused("sa.key", "missing");
    }

    @Test
    void aFirstStartThatWasCutOffIsBegunAgain() throws IOException {
        for (var file : List.of("ca.crt", "sa.key", "sa.pub", "admin.pem")) Files.delete(directory.resolve(file));
        assertThat(started().authorityPem()).isNotEqualTo(authority);
    }

    /// A certificate that only the cluster itself shows can be made anew.
    @Test
    void aDamagedCertificateOfTheClusterIsMadeAnew() throws IOException {
        var random = new Random(3);
        for (int i = 0; i < 3; i++) {
            flip("admin.pem", random);
            assertThat(started().authorityPem()).isEqualTo(authority);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ca.crt", "ca.key", "sa.key"})
    void oneBitMakesNoOtherCluster(String file) throws IOException {
        var random = new Random(file.hashCode());
        var whole = Files.readAllBytes(directory.resolve(file));
        int refused = 0;
        for (int i = 0; i < FLIPS; i++) {
            Files.write(directory.resolve(file), whole);
            flip(file, random);
            var before = files();
            try {
                var pki = started();
                // Some bits mean nothing, such as those behind the end of the last byte.
                assertThat(keys(pki.authorityPem())).isEqualTo(keys(authority));
                assertThat(pki.serviceAccountKeys().own()).isEqualTo(tokens.own());
            } catch (IOException e) {
                refused++;
                assertThat(e).hasMessageContaining(file).hasMessageContaining("damaged");
            }
            assertThat(files()).isEqualTo(before);
        }
        assertThat(refused).isGreaterThan(FLIPS / 2);
    }

    /// Wherever a name is damaged, the signature is not of it.
    @Test
    void anAuthorityOfAnotherNameIsNone() throws IOException {
        var pem = Files.readString(directory.resolve("ca.crt"));
        var lines = pem.lines().filter(line -> !line.startsWith("-----")).collect(Collectors.joining());
        var bytes = Base64.getDecoder().decode(lines);
        var text = new String(bytes, StandardCharsets.ISO_8859_1);
        int issuer = text.indexOf("navarch-ca");
        for (int at : new int[] {issuer, text.indexOf("navarch-ca", issuer + 1)}) {
            var damaged = bytes.clone();
            damaged[at] ^= 2;
            Files.writeString(
                    directory.resolve("ca.crt"),
                    "-----BEGIN CERTIFICATE-----\n"
                            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(damaged)
                            + "\n-----END CERTIFICATE-----\n");
            assertThatThrownBy(this::started).hasMessageContaining("ca.crt").hasMessageContaining("damaged");
        }
    }

    /// A signature can be written in several ways.
    private static List<?> keys(String pem) throws IOException {
        try {
            return Keys.read(pem).certificates().stream()
                    .map(each -> List.of(each.getPublicKey(), each.getSubjectX500Principal(), each.getNotAfter()))
                    .toList();
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private void flip(String file, Random random) throws IOException {
        var bytes = Files.readAllBytes(directory.resolve(file));
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        Files.write(directory.resolve(file), bytes);
    }
}
