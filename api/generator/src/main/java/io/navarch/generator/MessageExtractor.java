package io.navarch.generator;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.kubernetes.client.proto.V1;
import java.io.IOException;
import java.io.Writer;
import java.net.JarURLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;

/// Build step: writes the field numbers of the official protobuf messages, one message a line: full name, tab, then
/// `number:name:kind[:message]` separated by blanks. Nothing of it is committed.
public final class MessageExtractor {
    private static final String PACKAGE = "io.kubernetes.client.proto.";

    private MessageExtractor() {}

    public static void main(String[] arguments) throws Exception {
        try (var out = Files.newBufferedWriter(Path.of(arguments[0]).resolve("messages"))) {
            for (var name : files()) {
                var file = (FileDescriptor)
                        Class.forName(PACKAGE + name).getMethod("getDescriptor").invoke(null);
                for (var message : file.getMessageTypes()) write(message, out);
            }
            addMissing(Path.of(arguments[0]).resolve("..").normalize(), out);
        }
    }

    /// Messages that the official classes lack stand in the `messages.txt` of the kind they belong to.
    private static void addMissing(Path kinds, Writer out) throws IOException {
        try (var files = Files.walk(kinds)) {
            for (var file : files.filter(path -> path.endsWith("messages.txt")).toList()) {
                for (var line : Files.readAllLines(file)) {
                    if (!line.isBlank() && !line.startsWith("#")) out.write(line.replaceFirst(" ", "\t") + " \n");
                }
            }
        }
    }

    private static List<String> files() throws IOException {
        var connection = (JarURLConnection) V1.class.getResource("V1.class").openConnection();
        try (JarFile jar = connection.getJarFile()) {
            return jar.stream()
                    .map(entry -> entry.getName().replace('/', '.'))
                    .filter(name -> name.startsWith(PACKAGE) && name.endsWith(".class") && !name.contains("$"))
                    .map(name -> name.substring(PACKAGE.length(), name.length() - ".class".length()))
                    .sorted()
                    .toList();
        }
    }

    private static void write(Descriptor message, Writer out) throws IOException {
        var line = new StringBuilder(message.getFullName()).append('\t');
        for (var field : message.getFields()) {
            line.append(field.getNumber()).append(':').append(field.getName()).append(':');
            if (field.isMapField()) {
                line.append('{').append(kind(field.getMessageType().findFieldByNumber(2)));
            } else {
                line.append(field.isRepeated() ? "[" : "").append(kind(field));
            }
            line.append(' ');
        }
        out.write(line.append("\n").toString());
    }

    private static String kind(FieldDescriptor field) {
        return switch (field.getJavaType()) {
            case INT, LONG -> "i";
            case BOOLEAN -> "b";
            case STRING, ENUM -> "s";
            case BYTE_STRING -> "y";
            case DOUBLE -> "d";
            case FLOAT -> "f";
            case MESSAGE -> field.getMessageType().getFullName();
        };
    }
}
