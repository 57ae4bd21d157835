package io.navarch.pki;

import io.navarch.kinds.certificatesigningrequest.CertificateRequest.AlternativeNames;
import io.navarch.kinds.certificatesigningrequest.CertificateRequest.Attribute;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;

/// The names of a request as a certificate says them: written anew from what was read, and only what everybody
/// knows.
final class RequestedNames {
    private static final Set<ASN1ObjectIdentifier> KNOWN = Set.of(
            BCStyle.C,
            BCStyle.O,
            BCStyle.OU,
            BCStyle.L,
            BCStyle.ST,
            BCStyle.STREET,
            BCStyle.POSTAL_CODE,
            BCStyle.CN,
            BCStyle.SERIALNUMBER);

    private RequestedNames() {}

    static X500Name subject(List<Attribute> attributes) {
        var name = new X500NameBuilder();
        for (var attribute : attributes) {
            var type = new ASN1ObjectIdentifier(attribute.type());
            // As an object: a text that begins with # would be taken for an encoded one.
            if (KNOWN.contains(type)) name.addRDN(type, new DERUTF8String(attribute.value()));
        }
        return name.build();
    }

    static GeneralNames alternatives(AlternativeNames asked) {
        var names = new ArrayList<GeneralName>();
        for (var each : asked.dns()) names.add(new GeneralName(GeneralName.dNSName, each));
        for (var each : asked.emails()) names.add(new GeneralName(GeneralName.rfc822Name, each));
        for (var each : asked.addresses()) names.add(new GeneralName(GeneralName.iPAddress, each));
        for (var each : asked.uris()) names.add(new GeneralName(GeneralName.uniformResourceIdentifier, each));
        return new GeneralNames(names.toArray(GeneralName[]::new));
    }
}
