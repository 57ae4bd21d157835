package io.navarch.http;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// The certificates of a PEM text, in their order; what else is in it (keys, words between) is passed over.
///
/// The JDK's own reader takes other encodings as well, and of some broken texts what comes before the break: a text
/// whose authorities are to be trusted is taken as it is meant or not at all.
public final class PemCertificates {
    private static final String BEGIN = "-----BEGIN CERTIFICATE-----";
    private static final String END = "-----END CERTIFICATE-----";
    private static final int LONGEST = 4 << 20;
    private static final int MOST = 2000;

    private PemCertificates() {}

    /// @throws IllegalArgumentException when one cannot be read, or there is none
    public static List<X509Certificate> read(String pem) {
        if (pem.length() > LONGEST) throw new IllegalArgumentException("more than " + LONGEST + " characters");
        var all = new ArrayList<X509Certificate>();
        int at = pem.indexOf(BEGIN);
        while (at >= 0) {
            int from = at + BEGIN.length();
            int to = pem.indexOf(END, from);
            if (to < 0) throw new IllegalArgumentException("certificate " + (all.size() + 1) + " has no end");
            if (all.size() == MOST) throw new IllegalArgumentException("more than " + MOST + " certificates");
            all.add(certificate(pem.substring(from, to), all.size() + 1));
            at = pem.indexOf(BEGIN, to + END.length());
        }
        if (all.isEmpty()) throw new IllegalArgumentException("no certificate in it");
        return List.copyOf(all);
    }

    private static X509Certificate certificate(String encoded, int number) {
        try {
            var text = encoded.replaceAll("[\r\n\t ]", "").getBytes(StandardCharsets.ISO_8859_1);
            var rest = new ByteArrayInputStream(Base64.getDecoder().decode(text));
            // Bytes that are no DER would be taken for another PEM text.
            if (rest.available() == 0 || rest.read() != 0x30) throw new CertificateException("no DER");
            rest.reset();
            var certificate =
                    (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(rest);
            if (rest.available() > 0) throw new CertificateException("data after its end");
            return certificate;
        } catch (CertificateException | IllegalArgumentException e) {
            throw new IllegalArgumentException("certificate " + number + " is unreadable: " + e.getMessage(), e);
        }
    }
}
