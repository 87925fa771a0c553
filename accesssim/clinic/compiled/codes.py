"""What the journal and both engines write as one number, compiled as it stands (`accesssim.world.journal.codes`)."""

from accesssim.clinic.compiled.native import compiled
from accesssim.world.journal import codes

pack_scores = compiled(codes.scores)
depression_score = compiled(codes.depression)
anxiety_score = compiled(codes.anxiety)
need_code = compiled(codes.need)
referred_as = compiled(codes.referred_as)
list_of = compiled(codes.list_of)
listed = compiled(codes.listed)
staff_number = compiled(codes.staff_of)
group_of_staff = compiled(codes.group_of_staff)
row = compiled(codes.row)
nth_occasion = compiled(codes.occasion)
nth_attempt = compiled(codes.nth_attempt)
attempt_of = compiled(codes.attempt)
leave_week = compiled(codes.leave_week)
beside = compiled(codes.beside)
left_of = compiled(codes.left_of)
right_of = compiled(codes.right_of)
