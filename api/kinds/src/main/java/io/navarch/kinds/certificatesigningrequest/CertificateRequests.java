package io.navarch.kinds.certificatesigningrequest;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/// Reads the only part of a PKCS #10 request that matters here: the organizations of its subject.
///
/// Source: RFC 2986
final class CertificateRequests {
    /// The object identifier 2.5.4.10 (organizationName), with its tag and length.
    private static final byte[] ORGANIZATION = {6, 3, 0x55, 4, 10};

    private CertificateRequests() {}

    /// @param encoded the PEM block in base64
    static List<String> organizations(String encoded) {
        var result = new ArrayList<String>();
        byte[] der;
        try {
            var pem = new String(Base64.getMimeDecoder().decode(encoded), StandardCharsets.ISO_8859_1);
            der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
        } catch (IllegalArgumentException e) {
            return result;
        }
        for (int i = 0; i + ORGANIZATION.length + 2 < der.length; i++) {
            if (!Arrays.equals(der, i, i + ORGANIZATION.length, ORGANIZATION, 0, ORGANIZATION.length)) continue;
            int length = der[i + ORGANIZATION.length + 1];
            int start = i + ORGANIZATION.length + 2;
            if (length > 0 && start + length <= der.length)
                result.add(new String(der, start, length, StandardCharsets.UTF_8));
        }
        return result;
    }
}
