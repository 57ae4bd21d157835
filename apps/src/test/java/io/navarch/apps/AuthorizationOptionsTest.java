package io.navarch.apps;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.navarch.process.Options;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthorizationOptionsTest {
    /// The words of kube-apiserver v1.36.3.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "--authorization-mode RBAC,RBAC | authorization-mode [\"RBAC\" \"RBAC\"] has mode specified more than once",
                "--authorization-mode RBAC,Nonsense | authorization-mode \"Nonsense\" is not a valid mode",
                "--authorization-mode rbac | authorization-mode \"rbac\" is not a valid mode",
                "--authorization-mode Webhook | authorization-mode Webhook's authorization config file not passed",
                "--authorization-mode Webhook,Webhook,X | [authorization-mode Webhook's authorization config file not"
                        + " passed, authorization-mode \"X\" is not a valid mode, authorization-mode [\"Webhook\" \"Webhook\""
                        + " \"X\"] has mode specified more than once]",
                "--authorization-mode RBAC --authorization-webhook-config-file /x | cannot specify"
                        + " --authorization-webhook-config-file without mode Webhook",
                "--authorization-mode Webhook --authorization-webhook-config-file /no/such | invalid authorization"
                        + " config: stat /no/such: no such file or directory",
                "--authorization-mode Webhook --authorization-webhook-config-file /dev/null"
                        + " --authorization-webhook-version v2 | invalid authorization config: unsupported webhook"
                        + " authorizer version \"v2\", supported versions are \"v1\", \"v1beta1\"",
                "--authorization-webhook-cache-authorized-ttl x | invalid argument \"x\" for"
                        + " \"--authorization-webhook-cache-authorized-ttl\" flag: time: invalid duration \"x\"",
                "--authorization-config /x --authorization-mode RBAC | --authorization-config can not be specified"
                        + " when --authorization-mode or --authorization-webhook-* flags are defined",
                "--authorization-config /x --authorization-webhook-version v1 | --authorization-config can not be"
                        + " specified when --authorization-mode or --authorization-webhook-* flags are defined",
                "--authorization-config /x --authorization-webhook-config-file /x | --authorization-config can not be"
                        + " specified when --authorization-mode or --authorization-webhook-* flags are defined",
                "--authorization-config /x --authorization-webhook-cache-authorized-ttl 5m | --authorization-config can"
                        + " not be specified when --authorization-mode or --authorization-webhook-* flags are defined",
            })
    void optionsOfAuthorizationThatContradictAreRefused(String arguments, String message) {
        assertThatThrownBy(() -> ServerOptions.read(
                        Options.parse(ServerOptions.DECLARED, List.of(arguments.split(" ")), Map.of()),
                        new Host("here", "192.0.2.7")))
                .isInstanceOf(Options.UsageException.class)
                .hasMessage(message);
    }
}
