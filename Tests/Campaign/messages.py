"""Files of fictional citizens' messages for `huying import cases`, made by a seed."""
import datetime
import json
import random

TOPICS = [
    ("河边夜里有人偷排污水", "村东小河边有个厂，一到后半夜就往河里排黑水，鱼都死了"),
    ("楼下饭店油烟太大", "一楼新开的烧烤店没有装净化器，油烟直往楼上灌"),
    ("垃圾好几天没人清运", "菜市场后面的垃圾池满了四五天没人拉，苍蝇到处飞"),
    ("邻居在耕地上打水泥", "同村的人在自家承包的基本农田里铺水泥、搭大棚卖建材"),
    ("电梯经常困人", "三号楼电梯一个月困人两次，维保单位来了也修不好"),
    ("幼儿园没有证照", "巷子里有个家庭幼儿园，十几个孩子挤在一间屋，没看到任何证"),
    ("煤气罐店开在居民楼下", "小区车库里有人卖液化气罐，太危险了"),
    ("危旧房漏雨要塌", "老房子后墙裂了一指宽的缝，下雨就漏，想申请危房改造"),
]


def write(path, count, seed):
    """Writes `count` good messages; their ids."""
    dice = random.Random(seed)
    zone = datetime.timezone(datetime.timedelta(hours=8))
    ids = []
    with open(path, "w") as file:
        for number in range(count):
            subject, text = dice.choice(TOPICS)
            start = datetime.datetime(2019, 4, 25, 9, tzinfo=zone) + datetime.timedelta(seconds=1931 * number + dice.randrange(600))
            fields = {
                "id": f"{seed}-{number}", "subject": subject, "text": f"{text}（第{number}封）", "time": start.isoformat(), "from": "网民"}
            if dice.random() < 0.95:
                fields["reply"] = f"您好，已办理，第{number}号答复。"
                fields["reply_time"] = (start + datetime.timedelta(seconds=dice.randrange(40 * 86400))).isoformat()
            ids.append(fields["id"])
            file.write(json.dumps(fields, ensure_ascii=False) + "\n")
    return ids
