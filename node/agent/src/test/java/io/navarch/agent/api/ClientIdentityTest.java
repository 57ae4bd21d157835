package io.navarch.agent.api;

import static org.assertj.core.api.Assertions.assertThat;

import javax.security.auth.x500.X500Principal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientIdentityTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CN=admin,O=system:masters | true",
                "O=system:masters,O=other,CN=admin | true",
                "O=other+O=system:masters,CN=admin | true",
                "CN=admin,O=system:masters-x | false",
                "CN=admin,O=x-system:masters | false",
                "CN=admin,O=SYSTEM:MASTERS | false",
                "CN=admin,OU=system:masters | false",
                "CN=admin,O=system:nodes | false",
                "CN=O\\=system:masters | false",
                "CN=\"x,O=system:masters\" | false",
                "CN=admin | false",
            })
    void aMasterIsWhoHasTheOrganisationItself(String subject, boolean master) {
        assertThat(new ClientIdentity(new X500Principal(subject))
                        .caller()
                        .orElseThrow()
                        .master())
                .isEqualTo(master);
    }

    @Test
    void aCertificateWithoutANameIsNobodys() {
        assertThat(new ClientIdentity(new X500Principal("O=system:masters")).caller())
                .isEmpty();
        assertThat(new ClientIdentity(new X500Principal("CN=,O=system:masters")).caller())
                .isEmpty();
        assertThat(new ClientIdentity(new X500Principal("CN=a,O=g"))
                        .caller()
                        .orElseThrow()
                        .groups())
                .containsExactly("g", "system:authenticated");
    }
}
