# An image as docker saves it, of nothing but busybox: busybox-image.sh FILE
set -e
w=$(mktemp -d); cd $w; mkdir -p rootfs/bin rootfs/etc rootfs/tmp
cp $(command -v busybox) rootfs/bin/busybox
for a in sh cat echo sleep hostname; do ln -s busybox rootfs/bin/$a; done
tar -C rootfs -cf layer.tar .
printf '{"architecture":"amd64","os":"linux","config":{"Cmd":["/bin/sh"]},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' $(sha256sum layer.tar | cut -d' ' -f1) > config.json
printf '[{"Config":"config.json","RepoTags":["busybox:latest"],"Layers":["layer.tar"]}]' > manifest.json
tar -cf $1 manifest.json config.json layer.tar; rm -rf $w
