# An image as docker saves it, of this machine's JVM, what it is linked with, busybox, and a class path:
# jvm-image.sh FILE NAME JAVA_HOME CLASSPATH
set -e
file=$1; name=$2; java=$3; classpath=$4
w=$(mktemp -d); trap 'rm -rf $w' EXIT; cd $w
mkdir -p base/bin base/jvm base/etc base/tmp app/app/lib app/app/classes
cp $(command -v busybox) base/bin/busybox
for a in sh cat echo sleep wget; do ln -s busybox base/bin/$a; done
echo 'root:x:0:0:root:/:/bin/sh' > base/etc/passwd
cd $java
cp --parents -rL bin/java bin/keytool conf lib/jspawnhelper lib/modules lib/server/libjvm.so lib/jvm.cfg lib/tzdb.dat lib/security \
    lib/libjava.so lib/libjli.so lib/libjimage.so lib/libnet.so lib/libnio.so lib/libextnet.so lib/libzip.so lib/libverify.so \
    lib/libmanagement.so lib/libmanagement_ext.so $w/base/jvm
cp -L lib/server/classes.jsa $w/base/jvm/lib/server 2>/dev/null || true
cp -L lib/libsimdsort.so lib/libsyslookup.so $w/base/jvm/lib 2>/dev/null || true
for library in $(ldd bin/java lib/server/libjvm.so lib/*.so | grep -oE '(=> )?/[^ ]*/(ld-linux[^ ]*|lib(c|m|dl|pthread|rt|z|gcc_s|stdc\+\+)\.so[^ ]*)' | sed 's/=> //' | sort -u); do
    mkdir -p $w/base$(dirname $library); cp -L $library $w/base$library
done
cd $w
for entry in $(echo $classpath | tr : ' '); do
    if [ -d $entry ]; then cp -r $entry/. app/app/classes; else cp $entry app/app/lib; fi
done
digests=
for layer in base app; do
    tar -C $layer --owner=0 --group=0 -cf $layer.tar .
    digests="$digests,\"sha256:$(sha256sum $layer.tar | cut -d' ' -f1)\""
done
entry='"/jvm/bin/java","-XX:+UseSerialGC","-XX:TieredStopAtLevel=1","-XX:-UsePerfData","-Xmx64m","-cp","/app/classes:/app/lib/*"'
printf '{"architecture":"amd64","os":"linux","config":{"Entrypoint":[%s],"Env":["PATH=/jvm/bin:/bin"]},"rootfs":{"type":"layers","diff_ids":[%s]}}' "$entry" ${digests#,} > config.json
printf '[{"Config":"config.json","RepoTags":["%s"],"Layers":["base.tar","app.tar"]}]' $name > manifest.json
tar -cf $file manifest.json config.json base.tar app.tar
