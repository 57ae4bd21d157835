package io.navarch.pki;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;

/// A PKCS #10 request: what somebody wants their certificate to say.
record SigningRequest(PKCS10CertificationRequest content) {
    /// @throws IllegalArgumentException when the text is no request
    static SigningRequest parse(String pem) {
        try (var parser = new PEMParser(new StringReader(pem))) {
            if (parser.readObject() instanceof PKCS10CertificationRequest request) return new SigningRequest(request);
        } catch (IOException e) {
            throw new IllegalArgumentException("not a certificate request: " + e.getMessage(), e);
        }
        throw new IllegalArgumentException("not a certificate request");
    }

    /// `""` when the subject has none.
    String commonName() {
        return subject(BCStyle.CN).stream().findFirst().orElse("");
    }

    List<String> organisations() {
        return subject(BCStyle.O);
    }

    private List<String> subject(ASN1ObjectIdentifier type) {
        var result = new ArrayList<String>();
        for (var name : content.getSubject().getRDNs(type)) {
            for (var value : name.getTypesAndValues()) {
                if (value.getType().equals(type)) result.add(value.getValue().toString());
            }
        }
        return result;
    }

    List<String> alternativeNames() {
        return alternatives()
                .map(names -> Stream.of(names.getNames())
                        .map(name -> name.getName().toString())
                        .toList())
                .orElse(List.of());
    }

    /// The subject's alternative names that are asked for.
    Optional<GeneralNames> alternatives() {
        for (var attribute : content.getAttributes(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest)) {
            var extensions = Extensions.getInstance(attribute.getAttrValues().getObjectAt(0));
            var names = GeneralNames.fromExtensions(extensions, Extension.subjectAlternativeName);
            if (names != null) return Optional.of(names);
        }
        return Optional.empty();
    }
}
