"""The guide console."""

STRINGS = {
    "gd.issue": ("代取号", "Issue ticket"),
    "gd.care": ("开通爱心通道", "Open priority"),
    "gd.reason": ("请填写原因", "Please give a reason"),
    "gd.inquiry": ("咨询登记", "Record enquiry"),
    "gd.loan": ("便民物品借用", "Lend item"),
    "gd.loan.back": ("归还登记", "Record return"),
    "gd.emergency": ("启动应急", "Emergency"),
    "gd.emergency.confirm": ("请再次确认启动应急广播", "Please confirm the emergency broadcast"),
}
