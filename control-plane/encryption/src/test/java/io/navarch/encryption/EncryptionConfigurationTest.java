package io.navarch.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.process.ConfigurationException;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EncryptionConfigurationTest {
    private static final String KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    private static Encryption read(String resources) {
        return new EncryptionConfiguration(GrpcKeyService::new, InstantSource.system(), new SecureRandom())
                .read("{apiVersion: apiserver.config.k8s.io/v1, kind: EncryptionConfiguration, resources: "
                        + resources.replace("KEY", KEY) + "}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[] | resources: Required value: at least one resources is required",
                "[{resources: [], providers: [{identity: {}}]}] | resources[0].resources: Required value",
                "[{resources: [secrets], providers: []}] | resources[0].providers: Required value",
                "[{resources: [Secrets], providers: [{identity: {}}]}] | should not contain capital letters",
                "[{resources: ['*'], providers: [{identity: {}}]}] | use '*.' to encrypt all the resources",
                "[{resources: [secrets, secrets], providers: [{identity: {}}]}] | cannot be specified multiple times",
                "[{resources: [secrets, '*.'], providers: [{identity: {}}]}] | using overlapping resources",
                "[{resources: ['*.*', a.b], providers: [{identity: {}}]}] | using overlapping resources",
                "[{resources: ['secrets.*'], providers: [{identity: {}}]}] | across groups is not supported",
                "[{resources: [a.extensions], providers: [{identity: {}}]}] | 'extensions' group has been removed",
                "[{resources: [events.events.k8s.io], providers: [{identity: {}}]}] | Use 'events' instead",
                "[{resources: [serviceipallocations], providers: [{identity: {}}]}] | do not have REST API",
                "[{resources: [secrets], providers: [{}]}] | does not contain any of the expected providers",
                "[{resources: [a], providers: [{identity: {}, aesgcm: {keys: []}}]}] | more than one provider specified",
                "[{resources: [a], providers: [{aesgcm: {keys: []}}]}] | at least one keys is required",
                "[{resources: [a], providers: [{aesgcm: {keys: [{name: x, secret: YQ==}]}}]}] | got 1, expected one of [16 24 32]",
                "[{resources: [a], providers: [{secretbox: {keys: [{name: x, secret: '%'}]}}]}] | must be base64 encoded",
                "[{resources: [a], providers: [{secretbox: {keys: [{secret: KEY}]}}]}] | name is a mandatory field for a key",
                "[{resources: [a], providers: [{secretbox: {keys: [{name: x}]}}]}] | secret is a mandatory field for a key",
                "[{resources: [a], providers: [{rot13: {}}]}] | unknown field \"resources[0].providers[0].rot13\"",
                "[{resources: [a], providers: [{kms: {apiVersion: v2, endpoint: 'unix:///x'}}]}] | name is a mandatory field",
                "[{resources: [a], providers: [{kms: {apiVersion: v2, name: x}}]}] | endpoint is a mandatory field for a kms",
                "[{resources: [a], providers: [{kms: {apiVersion: v2, name: x, endpoint: 'tcp://x'}}]}] | unsupported scheme \"tcp\"",
                "[{resources: [a], providers: [{kms: {apiVersion: v2, name: 'x:y', endpoint: 'unix:///x'}}]}] | must not contain ':'",
                "[{resources: [a], providers: [{kms: {apiVersion: v2, name: x, endpoint: 'unix:///x', timeout: 0s}}]}] | should be a positive value",
                "[{resources: [a], providers: [{kms: {apiVersion: v2, name: x, endpoint: 'unix:///x', cachesize: 5}}]}] | cachesize is not supported in v2",
                "[{resources: [a], providers: [{kms: {name: x, endpoint: 'unix:///x'}}]}] | KMS v1 is not supported",
                "{} | json: cannot unmarshal object into field resources of type list of objects",
                "[a] | json: cannot unmarshal string into field resources of type list of objects",
                "[{resources: secrets}] | json: cannot unmarshal string into field resources[0].resources of type list of strings",
                "[{resources: [a], providers: [{aesgcm: {keys: {name: x}}}]}] | keys of type list of objects",
                "[{resources: [a], providers: [{aesgcm: {keys: [{name: 5, secret: KEY}]}}]}] | keys[0].name of type string",
                "[{resources: [a], providers: [{kms: {apiVersion: v2, name: x, endpoint: 'unix:///x', cachesize: many}}]}] | of type int",
                "[{resources: [a], resources: [b]}] | \"resources\" already set",
            })
    void saysWhatIsWrong(String resources, String message) {
        assertThatThrownBy(() -> read(resources))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(message)
                .hasMessageNotContaining(KEY);
    }

    @Test
    void theMostExactNameCounts() {
        var encryption = read(
                "[{resources: ['*.*'], providers: [{aescbc: {keys: [{name: a, secret: KEY}]}}]},"
                        + "{resources: ['*.apps'], providers: [{aesgcm: {keys: [{name: a, secret: KEY}]}}]},"
                        + "{resources: [secrets], providers: [{secretbox: {keys: [{name: a, secret: KEY}]}}, {identity: {}}]}]");
        Map.of(
                        new KeyLayout.Resource("", "secrets"), "k8s:enc:secretbox:v1:a:",
                        new KeyLayout.Resource("apps", "deployments"), "k8s:enc:aesgcm:v1:a:",
                        new KeyLayout.Resource("", "configmaps"), "k8s:enc:aescbc:v1:a:")
                .forEach((resource, prefix) -> assertThat(new String(
                                encryption.of(resource.group(), resource.name()).seal(new byte[8], new byte[0])))
                        .startsWith(prefix));
    }
}
