package io.navarch.apps;

import io.navarch.controllers.certificate.Signer;
import java.io.IOException;
import java.io.StringReader;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;

/// Signs certificate requests with the cluster's authority.
final class CertificateSigner implements Signer {
    private final Pki pki;
    private final InstantSource clock;

    CertificateSigner(Pki pki, InstantSource clock) {
        this.pki = pki;
        this.clock = clock;
    }

    @Override
    public Request read(String pem) {
        var request = parse(pem);
        var commonNames = values(request, BCStyle.CN);
        var names = new ArrayList<String>();
        var alternatives = alternatives(request);
        if (alternatives != null)
            for (var name : alternatives.getNames()) names.add(name.getName().toString());
        return new Request(commonNames.isEmpty() ? "" : commonNames.getFirst(), values(request, BCStyle.O), names);
    }

    @Override
    public String sign(String pem, List<String> usages, Duration validity) {
        return pki.sign(parse(pem), usages, validity, clock.instant());
    }

    private static PKCS10CertificationRequest parse(String pem) {
        try (var parser = new PEMParser(new StringReader(pem))) {
            if (parser.readObject() instanceof PKCS10CertificationRequest request) return request;
        } catch (IOException e) {
            throw new IllegalArgumentException("not a certificate request: " + e.getMessage(), e);
        }
        throw new IllegalArgumentException("not a certificate request");
    }

    private static List<String> values(PKCS10CertificationRequest request, ASN1ObjectIdentifier type) {
        var result = new ArrayList<String>();
        for (var name : request.getSubject().getRDNs(type))
            for (var value : name.getTypesAndValues())
                if (value.getType().equals(type)) result.add(value.getValue().toString());
        return result;
    }

    /// The alternative names that are asked for, `null` for none.
    static GeneralNames alternatives(PKCS10CertificationRequest request) {
        for (var attribute : request.getAttributes(PKCSObjectIdentifiers.pkcs_9_at_extensionRequest)) {
            var extensions = Extensions.getInstance(attribute.getAttrValues().getObjectAt(0));
            var names = GeneralNames.fromExtensions(extensions, Extension.subjectAlternativeName);
            if (names != null) return names;
        }
        return null;
    }
}
