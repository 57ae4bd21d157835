package io.navarch.aggregation;

import java.io.IOException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;

/// What Go says of a connection that fails: people look for these words.
final class GoErrors {
    private GoErrors() {}

    static String words(IOException e) {
        if (String.valueOf(e.getMessage()).startsWith("unexpected EOF")) return "EOF";
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertPathBuilderException || cause instanceof CertPathValidatorException)
                return "tls: failed to verify certificate: x509: certificate signed by unknown authority";
            if (cause instanceof CertificateException && cause.getCause() == null)
                return "tls: failed to verify certificate: x509: " + cause.getMessage();
        }
        return String.valueOf(e.getMessage());
    }
}
